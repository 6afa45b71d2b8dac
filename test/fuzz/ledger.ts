import * as v from 'valibot';
import { errorTable } from '../../agent/errors.ts';
import { limits } from '../../agent/protocol/limits.ts';
import { boxMessageSchema, isFinal, type Report } from '../../agent/protocol/messages.ts';

/** What was sent to a box, what it owes for it, and what it answered. */
export interface Ledger {
  /** Notes a message that goes out. Answers the id of an action in it that would wait, so that it can be cancelled. */
  sent(bytes: Uint8Array): string | undefined;
  /** Notes what the box said. Answers the id of a final report, which has to be acknowledged. */
  heard(message: unknown): string | undefined;
  /** Actions without a final report, and refusals of what had no readable id that have not come. */
  owed(): { actions: string[]; refusals: number };
  /** The final report of an action. */
  final(id: string): Report | undefined;
  /** What the box did that it must not, in sentences. */
  faults(): string[];
  /** Forgets the refusals still owed: they are sent once, and a connection was broken. */
  forgive(): void;
}

/** How the box must answer: about this id, with a refusal that names none, or not at all. */
type Due = { id: string; waits: boolean } | 'refusal' | 'nothing';

export function createLedger(): Ledger {
  const ids = new Set<string>();
  const finals = new Map<string, Report>();
  const faults: string[] = [];
  let refusalsDue = 0;
  let refusals = 0;

  return {
    sent(bytes) {
      const due = dueFor(bytes);
      if (due === 'nothing') return undefined;
      if (due === 'refusal') {
        refusalsDue += 1;
        return undefined;
      }
      ids.add(due.id);
      return due.waits ? due.id : undefined;
    },
    heard(message) {
      const read = v.safeParse(boxMessageSchema, message);
      if (!read.success) faults.push(`the box said what is no message: ${JSON.stringify(message).slice(0, 300)}`);
      if (!read.success || read.output.kind !== 'report' || !isFinal(read.output.state)) return undefined;
      const report = read.output;
      faults.push(...faultsOf(report));
      if (report.id === null) {
        refusals += 1;
        return undefined;
      }
      const before = finals.get(report.id);
      const isItsEnd = before?.open && report.state === 'done' && !report.open;
      if (before && before.report !== report.report && !isItsEnd) {
        faults.push(`${report.id} ended twice: as ${show(before)}, and as ${show(report)}`);
      }
      if (!ids.has(report.id)) faults.push(`a report about ${report.id}, which was never sent`);
      finals.set(report.id, report);
      return report.report;
    },
    owed: () => ({ actions: [...ids].filter((id) => !finals.has(id)), refusals: refusalsDue - refusals }),
    final: (id) => finals.get(id),
    faults: () => faults,
    forgive() {
      refusalsDue = refusals;
    },
  };
}

/** Reads a message as far as an answer to it needs: by rules of its own, not by the box's. */
function dueFor(bytes: Uint8Array): Due {
  const value = bytes.length <= limits.messageBytes ? parse(bytes) : beginningOf(bytes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'refusal';
  const { v: version, kind, id, report, when, spread } = value as Record<string, unknown>;
  if (version === 1 && kind === 'ack' && isId(report) && !isDeep(value)) return 'nothing';
  if (!isId(id)) return 'refusal';
  return { id, waits: (typeof when === 'string' && Date.parse(when) > Date.now()) || Number(spread) > 0 };
}

/** What is read of a message that is too long: its id, where that stands before everything nested. */
function beginningOf(bytes: Uint8Array): unknown {
  const [start, plain = ''] = Buffer.from(bytes.subarray(0, 512))
    .toString('latin1')
    .split(/[[{\\]/, 2);
  const id = start?.trim() === '' ? /"id"\s*:\s*"([^"]*)"/.exec(plain)?.[1] : undefined;
  return { id };
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z0-9_.:-]{1,64}$/.test(value) && value !== '.' && value !== '..';
}

/** Whether a value is nested past what is read. */
function isDeep(value: unknown, level = 0): boolean {
  if (typeof value !== 'object' || value === null) return level > limits.jsonDepth;
  return level > limits.jsonDepth || Object.values(value).some((child) => isDeep(child, level + 1));
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

/** What is wrong with a final report in itself. */
function faultsOf(report: Report): string[] {
  const { state, error } = report;
  if (state === 'done') return error ? [`done with an error: ${show(report)}`] : [];
  if (!error || !Object.hasOwn(errorTable, error.code) || error.message === '') return [`no code: ${show(report)}`];
  return error.code === 'INTERNAL' ? [`a bug of the agent: ${show(report)}`] : [];
}

function show({ id, state, error }: Report): string {
  return `${id} ${state} ${error?.code ?? ''} ${error?.message ?? ''}`.slice(0, 300);
}
