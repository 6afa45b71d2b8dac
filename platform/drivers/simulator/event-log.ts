import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { writeAtomically } from '../../atomic-file.ts';

/** Everything a simulated box can be seen to do; the TV page lists it, and tests read it. */
export const boxEventNames = [
  'boot',
  'crash',
  'fall-back',
  'agent-start',
  'reboot',
  'power-off',
  'standby',
  'wake',
  'key',
  'volume',
  'mute',
  'chime',
  'speak',
  'play',
  'play-failed',
  'pause',
  'stop',
  'tune',
  'tuner-configured',
  'message',
  'message-ended',
  'ui-reload',
  'ui-script',
  'ui-debug',
  'ui-open',
  'block',
  'unblock',
  'screenshot',
  'install',
  'confirm',
  'roll-back',
  'tunnel',
  'tunnel-closed',
  'script',
  'fault',
  'power-cut',
] as const;
export type BoxEventName = (typeof boxEventNames)[number];

export type BoxEvent = {
  /** Counts up for the life of the box. */
  seq: number;
  /** Wall time, RFC 3339. */
  at: string;
  bootId: string;
  event: BoxEventName;
  /** A sentence for people. */
  text: string;
  /** The same for programs. */
  detail?: Record<string, unknown>;
};

export type EventLog = {
  append(entry: Omit<BoxEvent, 'seq' | 'at'>): void;
  /** The newest `count`, oldest first. */
  recent(count: number): BoxEvent[];
};

/**
 * A log that outlives the process: one JSON line per event, written before the effect is visible, so that a test that kills
 * the agent can count what really happened. The newest `keep` are kept, in a file of at most twice as many lines.
 */
export function openEventLog(file: string, keep: number): EventLog {
  let events = existsSync(file) ? readEvents(file) : [];
  let seq = events.at(-1)?.seq ?? 0;
  const compact = () => {
    events = events.slice(-keep);
    writeAtomically(file, events.map((event) => `${JSON.stringify(event)}\n`).join(''), false);
  };
  tryAnyway(compact);
  return {
    append(entry) {
      seq += 1;
      const event = { seq, at: new Date().toISOString(), ...entry };
      events.push(event);
      tryAnyway(() => {
        if (events.length > 2 * keep) compact();
        else appendFileSync(file, `${JSON.stringify(event)}\n`);
      });
    },
    recent: (count) => events.slice(-Math.min(count, keep)),
  };
}

/** The log is for the eye: a full disk of the host must not stop the box. */
function tryAnyway(write: () => void): void {
  try {
    write();
  } catch {}
}

/** A line torn by a kill in the middle of a write is left out. */
function readEvents(file: string): BoxEvent[] {
  const events: BoxEvent[] = [];
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    try {
      if (line !== '') events.push(JSON.parse(line));
    } catch {}
  }
  return events;
}
