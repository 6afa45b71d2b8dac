/** The load of an ndt7 test, as the sending end makes it: the headend's down, the box's up. */
import { randomBytes } from 'node:crypto';
import { ndt7, nextMessageBytes } from './ndt7.ts';

/** How many messages are kept on their way, so that there is always one to send and never a queue that outlives the test. */
const messagesAhead = 4;

/** What it needs of a WebSocket. */
type Socket = {
  readonly readyState: number;
  readonly OPEN: number;
  readonly bufferedAmount: number;
  send(data: Uint8Array, options: { binary: true }, sent: () => void): void;
};

/**
 * Sends messages of random bytes, growing as the protocol wants, as fast as the network takes them. `sent` is how many bytes
 * have left so far.
 */
export function sendLoad(socket: Socket): { sent(): number; stop(): void } {
  const payload = randomBytes(ndt7.messageBytes.grown);
  let messageBytes: number = ndt7.messageBytes.first;
  let total = 0;
  let stopped = false;
  let planned = false;
  /** A few at a time: the socket of a peer that is gone takes any number, and its close is heard only when others have their turn. */
  function pump(): void {
    for (let count = 0; count < messagesAhead; count++) {
      if (stopped || socket.readyState !== socket.OPEN || socket.bufferedAmount >= messagesAhead * messageBytes) return;
      messageBytes = nextMessageBytes(messageBytes, total);
      total += messageBytes;
      socket.send(payload.subarray(0, messageBytes), { binary: true }, pumpSoon);
    }
  }
  /** Not straight from the callback: on a fast line nothing else would ever run. Once for all messages that have left in this turn. */
  function pumpSoon(): void {
    if (planned) return;
    planned = true;
    setImmediate(() => {
      planned = false;
      pump();
    });
  }
  pump();
  return {
    sent: () => Math.max(0, total - socket.bufferedAmount),
    stop() {
      stopped = true;
    },
  };
}
