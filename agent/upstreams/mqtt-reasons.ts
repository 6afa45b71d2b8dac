import { reasonOf } from './reasons.ts';

/** The broker does not speak the version it was asked for. */
export class VersionRefused extends Error {
  override readonly name = 'VersionRefused';
}

/** The connection ended before the broker said anything. */
export class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** CONNACK codes that a person can do something about: 3.1.1 (table 3.1) and MQTT 5 (3.2.2.2). */
const refusals: Record<number, string> = {
  2: "the broker refuses this box's client id",
  133: "the broker refuses this box's client id",
  3: 'the broker is not available now',
  136: 'the broker is not available now',
  137: 'the broker is busy',
  4: 'the broker refused the user name or password',
  134: 'the broker refused the user name or password',
  5: 'the broker does not let this box in',
  135: 'the broker does not let this box in',
  138: 'the broker has banned this box',
};

/** What ended or prevented a connection, with a message in words. `answered` tells whether the broker had said anything. */
export function connectionReason(error: Error, answered: boolean): Error {
  const code: unknown = 'code' in error ? error.code : undefined;
  // 1 and 132: unacceptable protocol version.
  if (code === 1 || code === 132) return new VersionRefused('the broker does not speak this version of MQTT');
  if (typeof code === 'number') return new Error(`${refusals[code] ?? error.message} (code ${code})`, { cause: error });
  const wasCut = code === undefined || code === 'ECONNRESET' || code === 'EPIPE';
  if (!answered && wasCut) {
    return new NoAnswer(`CONNECT was not answered (${error.message}); is it an MQTT broker?`, { cause: error });
  }
  return new Error(reasonOf(error), { cause: error });
}

/** Why a broker sent DISCONNECT (MQTT 5, 3.14.2.1). */
export function disconnectReason(code: number | undefined): string {
  if (code === 142) return "another client has connected with this box's id (142); has a second box the same id?";
  if (code === 139) return 'the broker is shutting down (139)';
  if (code === 141) return 'the broker heard nothing for too long (141)';
  if (code === 152) return "the broker's operator closed the connection (152)";
  return `the broker closed the connection (code ${code ?? 0})`;
}
