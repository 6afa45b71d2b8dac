import { showTime } from '../format.ts';
import { texts } from '../texts.ts';
import type { ActionType, Role } from '../types.ts';

/** One line of the audit, as `GET /stb/v1/audit` answers it. */
export type Entry = {
  id: number;
  at: string;
  who: {
    kind: 'user' | 'box' | 'billing' | 'headend';
    id: string | null;
    name: string;
    role: Role | null;
    fingerprint: string | null;
    address: string;
  };
  call: string;
  type: string | null;
  target: string;
  given: Record<string, unknown>;
  status: number | null;
  outcome: Record<string, unknown> | null;
};

/** What was asked, in words; a call that has no words yet is shown as it is. */
export function sayWhat({ call, type }: Entry): string {
  const said = texts.audit.calls[call] ?? call;
  const name = type === null ? undefined : (texts.types[type as ActionType]?.name ?? type);
  return name === undefined ? said : `${said}: ${name}`;
}

/** What stands as whom an entry is about. */
const saidAsTarget: readonly string[] = ['all', 'boxes', 'groups'];

/** Fields and their values in one line: `volume 5, spread 60`; a reason is a sentence already. `nameOf` knows what some ids are called. */
export function sayGiven(given: Record<string, unknown>, nameOf: (id: string) => string | undefined): string {
  return Object.entries(given)
    .filter(([name]) => !saidAsTarget.includes(name))
    .map(([name, value]) => {
      if (isPlain(value)) return sayGiven(value, nameOf);
      if (name === 'reason') return sayValue(value);
      return `${name} ${(typeof value === 'string' && nameOf(value)) || sayValue(value)}`;
    })
    .filter((text) => text !== '')
    .join(', ');
}

/** How it ended, in a word and in a tone of the pills. */
export function sayEnd({ status, outcome }: Entry): { word: string; tone: 'good' | 'bad' | 'calm' } {
  if (status === null) return { word: texts.audit.unknown, tone: 'calm' };
  if (status >= 500) return { word: texts.audit.failed(status), tone: 'bad' };
  if (status >= 400 || outcome?.error !== undefined) return { word: texts.audit.refused(status), tone: 'bad' };
  return { word: texts.audit.done, tone: 'good' };
}

/** What came of it. */
export function sayOutcome({ status, outcome }: Entry): string {
  if (status === null) return texts.audit.unknownMeans;
  const words = texts.audit.outcome;
  const { id, error, boxes, skipped, cancelled } = outcome ?? {};
  return [
    typeof error === 'string' ? error : '',
    typeof boxes === 'number' ? words.boxes(boxes) : '',
    typeof skipped === 'number' && skipped > 0 ? words.skipped(skipped) : '',
    typeof cancelled === 'number' ? words.cancelled(cancelled) : '',
    id !== undefined && boxes === undefined ? words.id(String(id)) : '',
  ]
    .filter((text) => text !== '')
    .join(', ');
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/;

function sayValue(value: unknown): string {
  if (Array.isArray(value)) return value.join(' ');
  const text = String(value);
  return instant.test(text) && !Number.isNaN(Date.parse(text)) ? showTime(text) : text;
}
