import { connect } from 'node:net';
import mqtt from 'mqtt';
import { expect, onTestFinished, test } from 'vitest';
import { newId } from '../../agent/protocol/id.ts';
import { limits } from '../../agent/protocol/limits.ts';
import { decodeBoxMessage, encode } from '../../agent/protocol/messages.ts';
import { topics } from '../../agent/protocol/topics.ts';
import { type HeadendProcess, startHeadendProcess } from '../support/headend-process.ts';
import { until } from '../support/until.ts';
import { boxMessage } from './box-messages.ts';
import { goodReport } from './hostile-box.ts';
import { mqttTraffic } from './mqtt-packets.ts';
import { residentMiB } from './process-memory.ts';
import { announceSeed, fuzzTimeoutMs, generate, isFullRun, repeatable } from './seed.ts';

const batchSize = 100;
const batches = (isFullRun ? 20_000 : 300) / batchSize;
const connections = isFullRun ? 4_000 : 60;
/** Hostile connections at once. */
const atOnce = 8;
const hangMs = 30_000;
const mostMiB = 600;

test('whatever a box publishes is stored or counted as unreadable, and whatever the others send hurts nobody', {
  timeout: fuzzTimeoutMs,
}, async () => {
  const headend = await startHeadendProcess({ after: onTestFinished });
  const [box, hostile, other] = headend.demo.boxes;
  const actions = [await headend.api.act(box!.id, 'MESSAGE', { message: 'x' })];
  const client = await mqtt.connectAsync(headend.mqttUrl, {
    username: box!.id,
    password: box!.token,
    clientId: box!.id,
    reconnectPeriod: 0,
  });
  onTestFinished(() => client.endAsync(true));
  const acknowledged = new Set<string>();
  client.on('message', (_topic, payload) => {
    const message = JSON.parse(payload.toString());
    if (message.kind === 'ack') acknowledged.add(message.report);
  });
  await client.subscribeAsync(topics.actions(box!.id), { qos: 1 });
  // What it had not acknowledged is never answered once the connection is gone.
  const lost = new Promise<never>((_, reject) => client.once('close', () => reject(new Error('the broker closed'))));
  lost.catch(() => undefined);
  const say = (message: Buffer) =>
    Promise.race([client.publishAsync(topics.reports(box!.id), message, { qos: 1 }), lost]);
  /** A larger one costs the connection. */
  const isTaken = ({ length }: Buffer) => length <= limits.messageBytes;

  /** The headend stores what a good box says, after everything it said before. */
  async function answers(): Promise<void> {
    const report = newId();
    await say(encode(goodReport(report)));
    await until(() => acknowledged.has(report), 'the headend to acknowledge a good report', hangMs);
  }

  announceSeed("messages to the headend's broker", batches * batchSize);
  await answers();
  let unreadable = 0;
  for (let batch = 0; batch < batches; batch++) {
    await repeatable(`batch ${batch}`, async () => {
      const messages = generate(boxMessage(actions), batch, batchSize).filter(isTaken);
      unreadable += messages.filter((message) => !decodeBoxMessage(message).ok).length;
      await Promise.all(messages.map(say));
      await answers();
      expect(await counted(headend, 'stb_headend_unreadable_messages_total')).toBe(unreadable);
    });
  }

  announceSeed("hostile connections to the headend's broker", connections);
  const port = Number(new URL(headend.mqttUrl).port);
  for (let batch = 0; batch * atOnce < connections; batch++) {
    await repeatable(`connections, batch ${batch}`, async () => {
      const traffic = generate(mqttTraffic(hostile!, other!), batch, atOnce);
      await Promise.all(traffic.map((pieces) => send(port, pieces)));
      await answers();
    });
  }
  expect(residentMiB(headend.pid()).peak).toBeLessThan(mostMiB);
});

/** Opens a connection, writes all pieces, and waits until the broker has read them or closed. */
async function send(port: number, pieces: readonly Buffer[]): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  socket.on('error', () => undefined).resume();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  for (const piece of pieces) socket.write(piece);
  socket.end();
  const late = setTimeout(() => socket.destroy(), 200);
  await closed;
  clearTimeout(late);
}

async function counted(headend: HeadendProcess, name: string): Promise<number> {
  const text = await (await headend.api.get('/metrics')).text();
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1]);
}
