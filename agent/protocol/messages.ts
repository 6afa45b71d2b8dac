/**
 * The box protocol, version 1: what the headend and a box say to each other, over any upstream.
 * JSON, UTF-8, one message at most `limits.messageBytes`. Unknown fields are ignored.
 */
import * as v from 'valibot';
import { limits } from './limits.ts';

/** An id on the wire; 1 to 64 characters that are safe in topics, paths and logs. Not `.` and `..`, which are directories. */
export const idSchema = v.pipe(
  v.string(),
  v.minLength(1),
  v.maxLength(limits.idLength),
  v.regex(/^(?!\.{1,2}$)[A-Za-z0-9_.:-]+$/, 'Expected an id of A–Z a–z 0–9 _ . : -'),
);

/** An instant, RFC 3339 with a zone, between the years 1970 and 9999. */
const instant = v.pipe(
  v.string(),
  v.maxLength(40),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/, 'Expected an RFC 3339 time with a zone'),
  v.check(isTime, 'Expected an existing time'),
);

/** Whether a text in the form of RFC 3339 names a time that there is: JavaScript takes 30 February for 2 March. */
export function isTime(text: string): boolean {
  const [year = 0, month = 0, day = 0] = text.split(/[-T ]/, 3).map(Number);
  return Number.isFinite(Date.parse(text)) && day <= new Date(Date.UTC(year, month, 0)).getUTCDate();
}

export const actionSchema = v.object({
  v: v.literal(1),
  kind: v.literal('action'),
  id: idSchema,
  type: v.pipe(v.string(), v.minLength(1), v.maxLength(64)),
  params: v.optional(v.record(v.string(), v.unknown()), {}),
  when: v.optional(instant),
  expires: v.optional(instant),
  spread: v.optional(v.pipe(v.number(), v.minValue(0), v.maxValue(limits.spreadSeconds))),
  /** Reserved for signed actions; nothing checks it yet. */
  signature: v.optional(v.string()),
});

export const cancelSchema = v.object({ v: v.literal(1), kind: v.literal('cancel'), id: idSchema });
export const ackSchema = v.object({ v: v.literal(1), kind: v.literal('ack'), report: idSchema });

export type ActionMessage = v.InferOutput<typeof actionSchema>;
export type CancelMessage = v.InferOutput<typeof cancelSchema>;
export type AckMessage = v.InferOutput<typeof ackSchema>;
/** What the headend sends. */
export type HeadendMessage = ActionMessage | CancelMessage | AckMessage;

export const finalStates = ['done', 'failed', 'expired', 'cancelled', 'refused'] as const;
export const reportStates = ['accepted', 'started', 'progress', ...finalStates] as const;
export type FinalState = (typeof finalStates)[number];

/** Whether a state ends an action. */
export function isFinal(state: string): state is FinalState {
  return (finalStates as readonly string[]).includes(state);
}

/** Whether a report is the last of its action: it has ended, and nothing of it goes on. */
export function isLast({ state, open }: Pick<Report, 'state' | 'open'>): boolean {
  return isFinal(state) && !open;
}

const errorSchema = v.object({ code: v.string(), message: v.string(), retryable: v.boolean() });
const progressSchema = v.object({ percent: v.optional(v.number()), phase: v.optional(v.string()) });

/**
 * What a box says about one action. `id` is null only where the message could not be read far enough to find one.
 * `at` is the box's wall clock; `report` identifies the report, for the acknowledgement of final ones. `open` stands on a `done`
 * whose action goes on, a message that is on the screen: one more `done` says how it ended, and takes the place of this one.
 */
export const reportSchema = v.object({
  v: v.literal(1),
  kind: v.literal('report'),
  report: idSchema,
  id: v.nullable(idSchema),
  type: v.optional(v.string()),
  state: v.picklist(reportStates),
  open: v.optional(v.boolean()),
  at: v.string(),
  attempt: v.optional(v.number()),
  result: v.optional(v.record(v.string(), v.unknown())),
  error: v.optional(errorSchema),
  progress: v.optional(progressSchema),
});

export const helloSchema = v.object({
  v: v.literal(1),
  kind: v.literal('hello'),
  box: idSchema,
  mac: v.string(),
  model: v.optional(v.string()),
  firmware: v.optional(v.string()),
  agent: v.string(),
  bootId: v.string(),
  /** Why the box last started, where the driver knows: `power`, `reboot`, `watchdog`, `crash`, … */
  bootReason: v.optional(v.string()),
  /** The box's time zone, as `Europe/Paris`. */
  timezone: v.optional(v.string()),
  types: v.array(v.string()),
  capabilities: v.array(v.string()),
  /** What is wrong with the agent itself, in words: a journal set aside, a full disk. */
  faults: v.optional(v.array(v.string())),
});

/** What is playing; `kind` says how it was asked for. */
const playingSchema = v.object({
  kind: v.picklist(['channel', 'radio', 'video']),
  url: v.optional(v.string()),
  id: v.optional(v.string()),
  name: v.optional(v.string()),
  number: v.optional(v.number()),
  reception: v.optional(v.string()),
});

/** How the box is. Percentages 0 to 100, degrees Celsius, seconds, bytes. A figure that the box does not have is left out. */
export const telemetrySchema = v.object({
  v: v.literal(1),
  kind: v.literal('telemetry'),
  at: v.string(),
  cpuPercent: v.optional(v.number()),
  freeMemoryPercent: v.optional(v.number()),
  uptimeSeconds: v.optional(v.number()),
  temperature: v.optional(v.number()),
  freeDiskBytes: v.optional(v.number()),
  wifiSignalDbm: v.optional(v.number()),
  wifiLinkMbps: v.optional(v.number()),
  volume: v.optional(v.number()),
  power: v.optional(v.picklist(['on', 'standby'])),
  playing: v.optional(v.nullable(playingSchema)),
  /** Actions waiting, running, and final ones whose report is not acknowledged. */
  queue: v.optional(v.object({ waiting: v.number(), running: v.number(), unreported: v.number() })),
  faults: v.optional(v.array(v.string())),
});

export type Report = v.InferOutput<typeof reportSchema>;
export type ReportError = v.InferOutput<typeof errorSchema>;
export type Progress = v.InferOutput<typeof progressSchema>;
export type Hello = v.InferOutput<typeof helloSchema>;
export type Playing = v.InferOutput<typeof playingSchema>;
export type Telemetry = v.InferOutput<typeof telemetrySchema>;
/** What a box sends. */
export type BoxMessage = Report | Hello | Telemetry;

export const boxMessageSchema = v.variant('kind', [reportSchema, helloSchema, telemetrySchema]);

/** Encodes a message for the wire. */
export function encode(message: HeadendMessage | BoxMessage): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/** Why bytes are not a message; `id` where one could be read all the same. */
export type Unreadable = { ok: false; reason: string; id: string | null };

const headendSchemas = { action: actionSchema, cancel: cancelSchema, ack: ackSchema };

/** Reads what the headend sent: never throws, says what is wrong in a sentence. */
export function decodeHeadendMessage(bytes: Uint8Array): { ok: true; message: HeadendMessage } | Unreadable {
  const parsed = parseJson(bytes);
  if (!parsed.ok) return parsed;
  const { value, id } = parsed;
  if (value.v !== 1) return { ok: false, id, reason: `unknown protocol version ${show(value.v)}, expected 1` };
  const kind = value.kind;
  if (kind !== 'action' && kind !== 'cancel' && kind !== 'ack') {
    return { ok: false, id, reason: `unknown kind ${show(kind)}, expected action, cancel or ack` };
  }
  const result = v.safeParse(headendSchemas[kind], value, { abortEarly: true });
  return result.success ? { ok: true, message: result.output } : { ok: false, id, reason: explain(result.issues[0]) };
}

/** Reads what a box sent: never throws, says what is wrong in a sentence. */
export function decodeBoxMessage(bytes: Uint8Array): { ok: true; message: BoxMessage } | Unreadable {
  const parsed = parseJson(bytes);
  if (!parsed.ok) return parsed;
  const result = v.safeParse(boxMessageSchema, parsed.value, { abortEarly: true });
  if (result.success) return { ok: true, message: result.output };
  return { ok: false, id: parsed.id, reason: explain(result.issues[0]) };
}

/** One short sentence about a validation issue: which field, what was expected, what was received. */
export function explain(issue: v.BaseIssue<unknown>): string {
  const { message, expected, received, input } = issue;
  const path = v.getDotPath(issue);
  const at = path ? `${path}: ` : '';
  if (input === undefined && path) return `${at}is missing`;
  const got = show(input);
  const said = message.replace(received, () => cut(received, 60)).replace(expected ?? '', (text) => cut(text, 200));
  return `${at}${said}${said.includes(got) ? '' : `, received ${got}`}`;
}

function parseJson(bytes: Uint8Array): { ok: true; value: Record<string, unknown>; id: string | null } | Unreadable {
  if (bytes.length > limits.messageBytes) {
    return { ok: false, id: idAhead(bytes), reason: `${bytes.length} bytes, at most ${limits.messageBytes} are taken` };
  }
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    return { ok: false, id: null, reason: 'not JSON in UTF-8' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return { ok: false, id: null, reason: 'not a JSON object' };
  }
  const record = value as Record<string, unknown>;
  const id = v.is(idSchema, record.id) ? record.id : null;
  if (depth(value) > limits.jsonDepth)
    return { ok: false, id, reason: `nested deeper than ${limits.jsonDepth} levels` };
  return { ok: true, value: record, id };
}

/** The id of a message that is too long to be parsed, where it stands at the beginning and before everything nested. */
function idAhead(bytes: Uint8Array): string | null {
  const beginning = Buffer.from(bytes.subarray(0, 512)).toString('latin1');
  const id = /^\s*\{[^[{\\]*?"id"\s*:\s*"([^"]*)"/.exec(beginning)?.[1];
  return v.is(idSchema, id) ? id : null;
}

/** How deep a JSON value is nested; stops counting just past the limit and never recurses further. */
function depth(value: unknown, level = 0): number {
  if (typeof value !== 'object' || value === null || level > limits.jsonDepth) return level;
  let deepest = level + 1;
  for (const child of Object.values(value)) deepest = Math.max(deepest, depth(child, level + 1));
  return deepest;
}

function show(value: unknown): string {
  return cut(JSON.stringify(value) ?? String(value), 60);
}

function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length)}…` : text;
}
