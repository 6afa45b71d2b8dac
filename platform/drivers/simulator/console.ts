import { createInterface } from 'node:readline';
import type { Duplex } from 'node:stream';
import type { Snapshot } from './view.ts';

const help = 'help    this list\nstatus  how the box is\nevents  what happened last\nexit    hang up\n';
const shownEvents = 20;

/** The box's shell service, at the far end of a management tunnel: a line console that can look but not touch. */
export function serveConsole(stream: Duplex, snapshot: () => Snapshot): void {
  const { identity } = snapshot();
  const commands: Record<string, () => string> = {
    help: () => help,
    status: () => describe(snapshot()),
    events: () =>
      snapshot()
        .events.slice(-shownEvents)
        .map(({ at, text }) => `${at}  ${text}\n`)
        .join(''),
    exit: () => 'bye\n',
  };
  stream.write(`${identity.name}, ${identity.model}, firmware ${identity.firmware}. Type help.\n> `);
  const lines = createInterface({ input: stream });
  lines.on('line', (line) => {
    const command = line.trim();
    const answer = Object.hasOwn(commands, command)
      ? commands[command]?.()
      : `${command}: no such command; type help\n`;
    if (command === 'exit') {
      lines.close();
      stream.end(answer);
    } else stream.write(`${command === '' ? '' : answer}> `);
  });
  // The viewer of the far end may hang up at any moment.
  lines.on('error', () => stream.destroy());
  stream.on('error', () => stream.destroy());
}

function describe({ identity, power, volume, muted, playing, bootReason, bootCount, slots, faults }: Snapshot): string {
  const on = playing === null ? 'nothing' : (playing.name ?? playing.url);
  const lines = {
    box: `${identity.id} ${identity.mac} ${identity.model}`,
    power: `${power}; start ${bootCount}, by ${bootReason}`,
    volume: `${volume}${muted ? ', muted' : ''}`,
    playing: on,
    firmware: slots
      .map(({ name, version, state, booted }) => `${booted ? '*' : ''}${name} ${version ?? '-'} ${state}`)
      .join(', '),
    faults: faults.length === 0 ? 'none' : faults.map((fault) => JSON.stringify(fault)).join(' '),
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name.padEnd(10)}${value}\n`)
    .join('');
}
