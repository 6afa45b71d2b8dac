/** What a heartbeat says and what its answer holds; pure. */
import * as v from 'valibot';
import { limits } from '../protocol/limits.ts';
import { idSchema, type Telemetry } from '../protocol/messages.ts';

/**
 * The body of `POST /iptv/app/heartbeat`: the statistics as Telecom X documents them, and beside them the telemetry of the
 * box protocol, which has more. Figures that the box does not have are left out. `noEvents` leaves the actions queued;
 * `interval`, which is ours, says in how many seconds the next poll is due, where that is known.
 */
export function heartbeatBody(
  token: string,
  telemetry: Telemetry | undefined,
  { noEvents = false, interval }: { noEvents?: boolean; interval?: number | undefined } = {},
): Record<string, unknown> {
  const { cpuPercent, freeMemoryPercent, uptimeSeconds, temperature, wifiLinkMbps, wifiSignalDbm, power } =
    telemetry ?? {};
  // JSON leaves undefined out.
  return {
    token,
    noEvents: noEvents || undefined,
    interval,
    // Documented as a string, and as a list with commas.
    cpuUsage: cpuPercent?.toString(),
    temperatureZones: temperature?.toString(),
    freeMemory: freeMemoryPercent,
    uptime: uptimeSeconds,
    wifiLinkSpeed: wifiLinkMbps,
    wifiSignalStrength: wifiSignalDbm,
    turnedOff: power && power === 'standby',
    telemetry,
  };
}

/**
 * The messages in an answer, each encoded for itself, so that a bad one spoils no other: `{ actions: [ … ] }`, `{ events: [ … ] }`
 * or the bare list. Throws with a sentence when it is none of these; an empty answer has no messages.
 */
export function messagesIn(answer: string): Uint8Array[] {
  if (answer.trim() === '') return [];
  return listIn(parse(answer)).map(encodeItem);
}

/** The ids in `{ acks: [ … ] }`, the reports that the headend says it stored; undefined where it does not say. */
export function acksIn(answer: string): string[] | undefined {
  try {
    const { acks } = parse(answer) as { acks?: unknown };
    return Array.isArray(acks) ? acks.filter((id) => v.is(idSchema, id)) : undefined;
  } catch {
    return undefined;
  }
}

function parse(answer: string): unknown {
  try {
    return JSON.parse(answer);
  } catch {
    const start = JSON.stringify(answer.slice(0, 60));
    const looks = /^\s*</.test(answer)
      ? 'a web page: is something else in between, such as a login page?'
      : `it starts ${start}`;
    throw new Error(`the answer is not JSON but ${looks}`);
  }
}

function listIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value !== 'object') throw new Error(`the answer is neither a list nor an object but a ${typeof value}`);
  const { actions, events } = (value ?? {}) as { actions?: unknown; events?: unknown };
  const lists = [actions, events].filter((list) => list !== undefined && list !== null);
  if (lists.every(Array.isArray)) return lists.flat();
  throw new Error('the answer has `actions` or `events`, but not as a list');
}

/** One level more than a message may have. */
const tooDeep: unknown = Array.from({ length: limits.jsonDepth }).reduce((inner) => [inner], []);

/** An item nested too deep to encode is handed on less deep, so that its reader refuses it by its id. */
function encodeItem(item: unknown): Uint8Array {
  try {
    return Buffer.from(JSON.stringify(item));
  } catch {
    const flat = Object.entries(item as object).map(([name, value]) => [
      name,
      typeof value === 'object' ? tooDeep : value,
    ]);
    return Buffer.from(JSON.stringify(Object.fromEntries(flat)));
  }
}
