/** What the command line shows a person. Colour only on a terminal. */
import type { Finding, Status } from './introspection.ts';
import type { Report } from './protocol/messages.ts';

const colours = process.stdout.isTTY && !process.env.NO_COLOR;
const paint = (code: number) => (text: string) => (colours ? `\x1b[${code}m${text}\x1b[0m` : text);
const [bold, red, green, yellow, dim] = [paint(1), paint(31), paint(32), paint(33), paint(2)];

export function printStatus(status: Status): number {
  const { box, queue } = status;
  line(
    `${bold(box.id)}  ${box.model}  firmware ${box.firmware}  ${dim(`driver ${status.driver}, agent ${status.agent}`)}`,
  );
  line(
    `MAC ${box.mac}  boot ${box.bootId}  up ${duration(status.uptimeSeconds)}  ${status.clock.known ? status.clock.time : yellow('clock not set')}`,
  );
  for (const page of status.pages) line(`page ${page}`);
  heading('Upstreams');
  if (status.upstreams.length === 0) line('  none configured');
  for (const { name, state, url, detail, since, lastError } of status.upstreams) {
    const shownState = state === 'connected' ? green(state.padEnd(10)) : yellow(state.padEnd(10));
    line(`  ${name.padEnd(10)} ${shownState} ${url}  ${dim([detail, `since ${since}`].filter(Boolean).join(', '))}`);
    if (lastError && state !== 'connected') line(`  ${' '.repeat(10)} ${lastError}`);
  }
  heading('Queue');
  line(`  ${queue.waiting} waiting, ${queue.running} running, ${queue.unreported} unreported, ${queue.ended} ended`);
  for (const { id, type } of status.running) line(`  running ${type} ${dim(id)}`);
  for (const { host, port, closesAt } of status.tunnels) line(`  tunnel open on ${host}:${port} until ${closesAt}`);
  if (status.cutOffSince)
    line(`  ${yellow(`cut off by the operator since ${status.cutOffSince}: nothing plays until CUT_ON`)}`);
  if (status.faults.length > 0) heading('Faults');
  for (const fault of status.faults) line(`  ${red(fault)}`);
  heading('Last actions');
  if (status.recent.length === 0) line('  none yet');
  for (const { at, type, state, id, error } of status.recent) {
    line(`  ${at}  ${type.padEnd(16)} ${stateColour(state)(state.padEnd(9))} ${dim(id)}`);
    if (error) line(`  ${' '.repeat(24)}  ${error}`);
  }
  return 0;
}

export function printFindings(findings: Finding[]): number {
  const width = Math.max(...findings.map(({ name }) => name.length));
  for (const { name, ok, detail, cure } of findings) {
    line(`${ok ? green('ok') : red('no')}  ${name.padEnd(width)}  ${detail}`);
    if (cure) line(`    ${' '.repeat(width)}  ${dim('cure:')} ${cure}`);
  }
  return findings.every(({ ok }) => ok) ? 0 : 1;
}

export function printReport(report: Report): void {
  const { at, state, open, progress, result, error } = report;
  const detail = progress
    ? [progress.phase, progress.percent === undefined ? '' : `${Math.round(progress.percent)} %`]
        .filter(Boolean)
        .join(' ')
    : open
      ? 'and goes on'
      : '';
  line(
    `${dim(at)}  ${stateColour(state)(state)}${detail ? `  ${detail}` : ''}${error ? `  ${error.code}: ${error.message}` : ''}`,
  );
  if (result) line(JSON.stringify(result, null, 2));
}

/** Whole seconds in words: `6 min 53 s`. */
export function duration(seconds: number): string {
  const parts = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3_600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const units = ['d', 'h', 'min', 's'];
  const first = parts.findIndex((part) => part > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .map((part, index) => `${part} ${units[first + index]}`)
    .join(' ');
}

function stateColour(state: string): (text: string) => string {
  if (state === 'done') return green;
  return ['failed', 'refused', 'expired'].includes(state) ? red : yellow;
}

function heading(text: string): void {
  line(`\n${bold(text)}`);
}

function line(text: string): void {
  process.stdout.write(`${text}\n`);
}
