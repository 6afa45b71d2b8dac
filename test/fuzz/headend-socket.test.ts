import { expect, onTestFinished, test } from 'vitest';
import { decodeBoxMessage, isFinal } from '../../agent/protocol/messages.ts';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { startHeadendProcess } from '../support/headend-process.ts';
import { boxMessage } from './box-messages.ts';
import { openHostileBox } from './hostile-box.ts';
import { residentMiB } from './process-memory.ts';
import { announceSeed, fuzzTimeoutMs, generate, isFullRun, repeatable } from './seed.ts';

const batchSize = 100;
const batches = (isFullRun ? 20_000 : 300) / batchSize;
/** RFC 6455, 7.4.1: binary where text is due, not readable, too big. */
const refusals = [1003, 1007, 1009];
const mostMiB = 600;

test('whatever a box sends over its WebSocket is stored, or refused with a close code', {
  timeout: fuzzTimeoutMs,
}, async () => {
  const headend = await startHeadendProcess({ after: onTestFinished });
  const { boxes } = headend.demo;
  const actions = await Promise.all(boxes.map(({ id }) => headend.api.act(id, 'MESSAGE', { message: 'x' })));
  announceSeed("messages to the headend's WebSocket", batches * batchSize);
  const numbers = Array.from({ length: batches }, (_, number) => number);
  await Promise.all(
    boxes.map(async (box) => {
      for (let number = numbers.shift(); number !== undefined; number = numbers.shift()) {
        const messages = generate(boxMessage(actions), number, batchSize);
        await repeatable(`batch ${number}`, () => feed(headend.url, box, messages));
        await headend.api.get('/stb/v1/boxes');
      }
    }),
  );
  expect(residentMiB(headend.pid()).peak).toBeLessThan(mostMiB);
});

/** Sends messages one after the other; a connection that was closed for one is opened again. */
async function feed(url: string, box: DemoBox, messages: readonly Buffer[]): Promise<void> {
  let connection = await openHostileBox(url, box);
  for (const message of messages) {
    const binary = message.length % 9 === 0;
    const { acknowledged, closed } = await connection.send(message, binary);
    const decoded = decodeBoxMessage(message);
    const isGood = decoded.ok && !binary;
    if (closed === undefined) {
      if (!isGood) throw new Error(`taken as if it were a message: ${message}`);
      const { message: read } = decoded;
      if (read.kind === 'report' && isFinal(read.state)) expect(acknowledged).toContain(read.report);
    } else {
      if (isGood) throw new Error(`closed with ${closed} for a good message: ${message}`);
      expect(refusals).toContain(closed);
      connection = await openHostileBox(url, box);
    }
  }
  connection.close();
}
