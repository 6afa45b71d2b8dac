/** The headend with a broker that runs elsewhere; here an open one, in the place of a cluster. */
import { type AddressInfo, createServer, type Server } from 'node:net';
import { Aedes } from 'aedes';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { HeadendMessage } from '../../agent/protocol/messages.ts';
import { topics } from '../../agent/protocol/topics.ts';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { openTestHeadend, report, type TestHeadend } from '../support/headend.ts';
import { until } from '../support/until.ts';

let broker: Aedes;
let server: Server;
let url: string;
let head: TestHeadend;
let box: DemoBox;

beforeAll(async () => {
  broker = await Aedes.createBroker();
  server = createServer((socket) => void broker.handle(socket.setNoDelay(true)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
  head = await openTestHeadend({ broker: { url } });
  box = head.demo.boxes[0] as DemoBox;
});
afterAll(async () => {
  await head.close();
  await new Promise<void>((resolve) => broker.close(resolve));
  server.close();
});

async function connect(): Promise<{ client: MqttClient; heard: HeadendMessage[] }> {
  const will = { topic: topics.presence(box.id), payload: Buffer.from('offline'), qos: 1, retain: true } as const;
  const client = await mqtt.connectAsync(url, {
    clientId: box.id,
    clean: false,
    will,
    reconnectPeriod: 0,
    protocolVersion: 4,
  });
  const heard: HeadendMessage[] = [];
  client.on('message', (_topic, payload) => heard.push(JSON.parse(payload.toString())));
  await client.subscribeAsync(topics.actions(box.id), { qos: 1 });
  await client.publishAsync(topics.presence(box.id), 'online', { qos: 1, retain: true });
  return { client, heard };
}

const online = async () => (await head.call(head.demo.users.admin.token, `/stb/v1/boxes/${box.id}`)).body.online;

it('reaches the boxes through it, and knows by presence and last will who is there', async () => {
  expect(head.headend.mqttUrl).toBe(url);
  const waiting = await head.act(box, 'UI');
  const { client, heard } = await connect();
  await until(() => heard.some((message) => message.kind === 'action' && message.id === waiting), 'what waited');
  await until(online, 'online');
  const final = report(waiting, 'done');
  await client.publishAsync(topics.reports(box.id), JSON.stringify(final), { qos: 1 });
  await until(() => heard.some((message) => message.kind === 'ack' && message.report === final.report), 'the ack');
  expect((await head.action(waiting)).state).toBe('done');

  client.stream.destroy();
  await until(async () => !(await online()), 'offline by the last will');
  const next = await head.act(box, 'DVB');
  expect((await head.action(next)).state).toBe('queued');
  const again = await connect();
  await until(() => again.heard.some((message) => message.kind === 'action' && message.id === next), 'the next action');
  await again.client.endAsync(true);
});

it('ignores what boxes it does not know say, and artifacts that nobody asked for', async () => {
  const client = await mqtt.connectAsync(url, { protocolVersion: 4, reconnectPeriod: 0 });
  await client.publishAsync(topics.reports('stranger'), JSON.stringify(report('x', 'done')), { qos: 1 });
  await client.publishAsync(topics.presence('stranger'), 'online', { qos: 1 });
  await client.publishAsync(topics.artifact(box.id, 'nothing'), Buffer.alloc(100), { qos: 1 });
  await until(async () => /stray_reports_total [1-9]/.test((await head.call(undefined, '/metrics')).body), 'the count');
  expect((await head.call(undefined, '/healthz')).body.status).toBe('ok');
  await client.endAsync();
});
