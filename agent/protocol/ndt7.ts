/**
 * The ndt7 speed test protocol, as far as its two ends share it.
 * Source: m-lab/ndt-server, spec/ndt7-protocol.md, version 0.11.0.
 */
import * as v from 'valibot';

export const ndt7 = {
  subprotocol: 'net.measurementlab.ndt.v7',
  /** The paths of the two tests. */
  paths: { download: '/ndt/v7/download', upload: '/ndt/v7/upload' },
  /** A test lasts so long from the handshake on, and never longer than `hardMs`. */
  testMs: 10_000,
  hardMs: 13_000,
  /** Binary messages: the first size, the size they grow to, and the smallest and largest that an end may send. */
  messageBytes: { first: 1 << 13, grown: 1 << 20, min: 1 << 10, max: 1 << 24 },
  /** Measurements are sent so often; the protocol allows ten in a second. */
  measurementMs: 125,
  /** The longest query string of a request. */
  queryBytes: 4096,
} as const;

export type Ndt7Test = keyof typeof ndt7.paths;

/** The size of the next binary message: it doubles while it is at most a sixteenth of what was sent, as the M-Lab server does it. */
export function nextMessageBytes(bytes: number, sent: number): number {
  return bytes < ndt7.messageBytes.grown && bytes <= sent / 16 ? bytes * 2 : bytes;
}

const count = v.optional(v.pipe(v.number(), v.minValue(0)));

/** Times are microseconds. Servers leave out what they do not know: the M-Lab server sends no AppInfo, others no TCPInfo. */
const measurementSchema = v.object({
  AppInfo: v.optional(v.object({ ElapsedTime: count, NumBytes: count })),
  ConnectionInfo: v.optional(
    v.object({ Client: v.optional(v.string()), Server: v.optional(v.string()), UUID: v.optional(v.string()) }),
  ),
  Origin: v.optional(v.string()),
  Test: v.optional(v.string()),
  TCPInfo: v.optional(v.object({ BytesReceived: count, ElapsedTime: count, MinRTT: count, RTT: count })),
});

export type Measurement = v.InferOutput<typeof measurementSchema>;

/** Reads a text message; undefined when it is not a measurement, which is never a reason to end a test. */
export function readMeasurement(text: string): Measurement | undefined {
  try {
    const result = v.safeParse(measurementSchema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
