import WebSocket from 'ws';
import { newId } from '../../agent/protocol/id.ts';
import { encode } from '../../agent/protocol/messages.ts';
import type { DemoBox } from '../../headend/demo/demo.ts';

/** What the headend made of a message. */
export type Outcome = {
  /** The reports it acknowledged meanwhile. */
  acknowledged: string[];
  /** The code with which it closed the connection. */
  closed?: number;
};

/** A box on the headend's WebSocket that sends whatever a test wants. */
export type HostileBox = {
  /** Sends a message, and a good report behind it. Resolves when that is acknowledged or the connection is closed. */
  send(message: Buffer, binary: boolean): Promise<Outcome>;
  close(): void;
};

/** A headend that neither acknowledges nor closes for so long hangs. */
const hangMs = 30_000;

export async function openHostileBox(url: string, box: Pick<DemoBox, 'token'>): Promise<HostileBox> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/stb/v1/ws`, 'stb.v1', {
    headers: { authorization: `Bearer ${box.token}` },
  });
  let acknowledged: string[] = [];
  let closed: number | undefined;
  let changed = () => {};
  socket.on('message', (data) => {
    const message = JSON.parse(data.toString());
    if (message.kind === 'ack') acknowledged.push(message.report);
    changed();
  });
  socket.on('close', (code) => {
    closed = code;
    changed();
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  socket.on('error', () => undefined);

  return {
    send(message, binary) {
      acknowledged = [];
      const last = newId();
      return new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error(`the headend hangs at ${message.subarray(0, 2_000)}`)), hangMs);
        changed = () => {
          if (closed === undefined && !acknowledged.includes(last)) return;
          clearTimeout(late);
          resolve({ acknowledged, ...(closed !== undefined && { closed }) });
        };
        socket.send(message, { binary });
        socket.send(encode(goodReport(last)).toString());
        changed();
      });
    },
    close: () => socket.terminate(),
  };
}

/** A final report about an action that never was: it changes nothing, and is acknowledged. */
export function goodReport(report: string) {
  return { v: 1, kind: 'report', report, id: report, state: 'done', at: new Date().toISOString() } as const;
}
