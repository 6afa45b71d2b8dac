/** Hostile and mistaken peers on every wire of the headend: each is refused in words, and nobody else notices. */
import { createConnection } from 'node:net';
import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { topics } from '../../agent/protocol/topics.ts';
import { depthOf } from '../../headend/api/json-body.ts';
import { createFrameCheck } from '../../headend/broker/frame-guard.ts';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { hello, openMqttBox, openSocketBox, openTestHeadend, report, type TestHeadend } from '../support/headend.ts';
import { until } from '../support/until.ts';

let head: TestHeadend;
let box: DemoBox;
let other: DemoBox;

beforeAll(async () => {
  head = await openTestHeadend();
  [box, other] = head.demo.boxes as [DemoBox, DemoBox];
});
afterAll(async () => {
  expect((await head.call(undefined, '/healthz')).body.status).toBe('ok');
  await head.close();
});

describe('the WebSocket', () => {
  const closing = (socket: WebSocket) =>
    new Promise<{ code: number; reason: string }>((resolve) =>
      socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() })),
    );

  it.each([
    ['not JSON', 'hello?', 1007, /not JSON/],
    ['no object', '[]', 1007, /not a JSON object/],
    ['an unknown kind', '{"v":1,"kind":"gossip"}', 1007, /./],
    ['another version', '{"v":2,"kind":"hello"}', 1007, /./],
    ['something too big', JSON.stringify({ v: 1, kind: 'telemetry', pad: 'x'.repeat(256 * 1024) }), 1009, /at most/],
    ['a binary frame', Buffer.from('{}'), 1003, /text/],
    ['something nested too deep', '['.repeat(500) + ']'.repeat(500), 1007, /./],
  ])('closes the connection for %s, with a code and a reason', async (_, frame, code, reason) => {
    const { socket } = await openSocketBox(head.headend, box);
    const closed = closing(socket);
    socket.send(frame);
    const end = await closed;
    expect(end.code).toBe(code);
    expect(end.reason).toMatch(reason);
  });

  it.each([
    ['without a token', undefined, 401],
    ['with an unknown token', 'nobody', 401],
    ["with an operator's token", 'ADMIN', 403],
  ])('is refused %s', async (_, token, status) => {
    const given = token === 'ADMIN' ? head.demo.users.admin.token : token;
    const headers = given === undefined ? {} : { authorization: `Bearer ${given}` };
    const socket = new WebSocket(`${head.headend.url.replace('http', 'ws')}/stb/v1/ws`, 'stb.v1', { headers });
    const answered = new Promise((resolve) =>
      socket.once('unexpected-response', (_request, response) => resolve(response.statusCode)),
    );
    socket.on('error', () => {});
    expect(await answered).toBe(status);
  });

  it('is refused without the subprotocol', async () => {
    const headers = { authorization: `Bearer ${box.token}` };
    const socket = new WebSocket(`${head.headend.url.replace('http', 'ws')}/stb/v1/ws`, { headers });
    expect(await closing(socket)).toMatchObject({ code: 1002, reason: expect.stringContaining('stb.v1') });
  });
});

describe('the broker', () => {
  it.each([
    ['without credentials', {}],
    ['with a wrong token', { username: 'BOX', password: 'nobody' }],
    ["with another box's token", { username: 'BOX', password: 'OTHER' }],
    ['with an unknown name', { username: 'ffffffffffffffffffffffff', password: 'BOX' }],
    ["with a VIEWER's token", { username: 'viewer', password: 'VIEWER' }],
  ])('refuses a client %s', async (_, credentials: { username?: string; password?: string }) => {
    const real = { BOX: box.token, OTHER: other.token, VIEWER: head.demo.users.viewer.token };
    const options = {
      ...credentials,
      ...(credentials.username === 'BOX' ? { username: box.id } : {}),
      ...(credentials.password !== undefined && credentials.password in real
        ? { password: real[credentials.password as keyof typeof real] }
        : {}),
    };
    const connecting = mqtt.connectAsync(head.headend.mqttUrl, { ...options, protocolVersion: 4, reconnectPeriod: 0 });
    await expect(connecting).rejects.toThrow(/Not authorized|Bad user/i);
  });

  it("lets no box take over another's connection by its client id", async () => {
    const victim = await openMqttBox(head.headend, other);
    await expect(openMqttBox(head.headend, box, { clientId: other.id })).rejects.toThrow(/Identifier rejected/i);
    expect(victim.client.connected).toBe(true);
    await victim.close();
  });

  it('lets a box sign in with its MAC', async () => {
    const raw = await openMqttBox(head.headend, box, { username: box.mac.toLowerCase().replaceAll(':', '') });
    await raw.close();
  });

  it.each([
    ["another box's actions", () => topics.actions(other.id)],
    ["another box's reports", () => topics.reports(other.id)],
    ['everything', () => '#'],
    ['everything below stb', () => 'stb/v1/+/actions'],
    ['the system topics', () => '$SYS/#'],
    ['a group it is not in', () => topics.groupActions(head.demo.groups.private)],
  ])('lets no box listen to %s', async (_, topic) => {
    const raw = await openMqttBox(head.headend, box);
    const granted = await raw.client.subscribeAsync(topic(), { qos: 1 }).catch((error: Error) => error.message);
    expect(JSON.stringify(granted)).toMatch(/128|Unspecified|error/i);
    await raw.close();
  });

  it("lets a box listen to its groups' actions", async () => {
    const raw = await openMqttBox(head.headend, box);
    const granted = await raw.client.subscribeAsync(topics.groupActions(head.demo.groups.business), { qos: 1 });
    expect(granted).toMatchObject([{ qos: 1 }]);
    await raw.close();
  });

  it.each([
    ["another box's reports", () => topics.reports(other.id)],
    ["another box's presence", () => topics.presence(other.id)],
    ['its own actions', () => topics.actions(box.id)],
    ['a group', () => topics.groupActions(head.demo.groups.business)],
    ['any other topic', () => 'hello'],
  ])('cuts off a box that publishes on %s', async (_, topic) => {
    const raw = await openMqttBox(head.headend, box);
    const closed = new Promise<void>((resolve) => raw.client.once('close', () => resolve()));
    raw.client.publish(topic(), JSON.stringify(report('x', 'done')), { qos: 0 });
    await closed;
    await raw.close();
  });

  it('does not store what a box says in the name of another', async () => {
    const id = await head.act(other, 'UI');
    const raw = await openMqttBox(head.headend, box);
    await raw.say(report(id, 'done'));
    await until(() => raw.heard.some((message) => message.kind === 'ack'), 'the ack');
    expect((await head.action(id)).state).toBe('queued');
    await raw.close();
  });

  it('ignores what cannot be read, and goes on listening', async () => {
    const raw = await openMqttBox(head.headend, box);
    for (const text of ['', 'nonsense', '{"v":1}', '[]', '\u0000']) {
      await raw.client.publishAsync(topics.reports(box.id), text, { qos: 1 });
    }
    const id = await head.act(box, 'DVB');
    await raw.say(report(id, 'done'));
    await until(async () => (await head.action(id)).state === 'done', 'done');
    expect((await head.call(undefined, '/metrics')).body).toMatch(/unreadable_messages_total [1-9]/);
    await raw.close();
  });

  it('an administrator may listen to everything, and may not speak for a box', async () => {
    const client = await mqtt.connectAsync(head.headend.mqttUrl, {
      username: 'admin',
      password: head.demo.users.admin.token,
      protocolVersion: 4,
      reconnectPeriod: 0,
    });
    expect(await client.subscribeAsync('stb/v1/#')).toMatchObject([{ qos: 0 }]);
    const closed = new Promise<void>((resolve) => client.once('close', () => resolve()));
    client.publish(topics.reports(box.id), '{}');
    await closed;
    await client.endAsync(true);
  });

  it('who was an administrator hears nothing more of its connection', async () => {
    const { admin, customers } = { admin: head.demo.users.admin.token, customers: head.demo.customers };
    const made = await head.call(admin, '/stb/v1/users', { body: { name: 'Ann', role: 'ADMIN' } });
    const listen = async (token: string) => {
      const client = await mqtt.connectAsync(head.headend.mqttUrl, {
        username: 'x',
        password: token,
        reconnectPeriod: 0,
      });
      await client.subscribeAsync('stb/v1/#', { qos: 1 });
      const heard: string[] = [];
      client.on('message', (_, payload) => heard.push(payload.toString()));
      return { client, heard };
    };
    const [ann, always] = [await listen(made.body.token), await listen(admin)];
    const raw = await openMqttBox(head.headend, box);
    const say = async (model: string) => {
      await raw.say(hello(box, { model }));
      await until(() => always.heard.some((text) => text.includes(model)), 'the administrator to hear it');
    };
    await say('before');
    await until(() => ann.heard.some((text) => text.includes('before')), 'her to hear it');
    const step = { role: 'OWNER', customer: customers.business };
    expect((await head.call(admin, `/stb/v1/users/${made.body.id}`, { body: step })).status).toBe(200);
    await say('after');
    // What was on its way to her would have come before the answer to this.
    await expect(ann.client.subscribeAsync('other', { qos: 1 })).rejects.toThrow('Subscribe error');
    expect(ann.heard.some((text) => text.includes('after'))).toBe(false);
    await Promise.all([ann.client.endAsync(true), always.client.endAsync(true), raw.close()]);
  });

  it.each([
    ['rubbish', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a packet before CONNECT', Buffer.from([0x30, 0x02, 0, 0])],
    ['a CONNECT of 200 MB', Buffer.from([0x10, 0x80, 0x80, 0x80, 0x60])],
    ['a length without an end', Buffer.from([0x10, 0xff, 0xff, 0xff, 0xff, 0xff])],
    ['packet type 0', Buffer.from([0x00, 0x00])],
  ])('cuts off a peer that sends %s', async (_, bytes) => {
    const { hostname, port } = new URL(head.headend.mqttUrl);
    const socket = createConnection({ host: hostname, port: Number(port) });
    socket.on('error', () => {});
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write(bytes);
    socket.resume();
    await closed;
  });
});

describe('the frame check', () => {
  it('sees the same in one piece and byte by byte', () => {
    const connect = [0x10, 0x03, 1, 2, 3];
    const publish = [0x32, 0x81, 0x01, ...Array(129).fill(7)];
    const stream = Uint8Array.from([...connect, ...publish, 0xc0, 0x00, ...publish]);
    expect(createFrameCheck()(stream)).toBeUndefined();
    const slow = createFrameCheck();
    for (const byte of stream) expect(slow(Uint8Array.of(byte))).toBeUndefined();
    expect(slow(Uint8Array.of(0x82, 0x81, 0x80, 0x04))).toMatch(/65537 bytes, at most 65536/);
  });
});

describe('HTTP', () => {
  it.each([
    ['GET', '/nowhere', 404],
    ['DELETE', '/iptv/device', 404],
    ['GET', '/stb/v1/ws', 401],
    ['GET', '/%', 400],
  ])('%s %s is answered with %i in the shape of every error', async (method, path, status) => {
    const answer = await head.call(undefined, path, { method });
    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ code: status, message: expect.any(String), description: expect.any(String) });
  });

  it.each(['/iptv/app/heartbeat', '/stb/v1/reports', '/stb/v1/actions', '/iptv/device'])(
    'POST %s refuses what is no JSON, no object, or too big, and never says where it broke',
    async (path) => {
      const { admin } = head.demo.users;
      const token = path.includes('app') || path.includes('reports') ? box.token : admin.token;
      const deep = '['.repeat(400_000) + ']'.repeat(400_000);
      const nested = `{"custom":${deep},"hello":${deep},"params":{"a":${deep}}}`;
      for (const body of [
        '{',
        '"text"',
        'null',
        '[[[]]]',
        deep,
        nested,
        '{"__proto__":{"a":1}}',
        `{"a":"${'x'.repeat(9 << 20)}"}`,
      ]) {
        const answer = await head.call(token, path, { body });
        expect([200, 400, 413, 422], `${body.slice(0, 20)} ${JSON.stringify(answer.body)}`).toContain(answer.status);
        expect(JSON.stringify(answer.body)).not.toMatch(/\.ts|node_modules|at Object/);
      }
      const text = await head.call(token, path, { body: 'x', headers: { 'content-type': 'text/xml' } });
      expect(text).toMatchObject({ status: 415, body: { code: 415 } });
    },
  );

  it('what is no HTTP is answered in the same shape, and the connection closed', async () => {
    const { hostname, port } = new URL(head.headend.url);
    const socket = createConnection({ host: hostname, port: Number(port) });
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
    socket.write('\u0000\u0001 nonsense\r\n\r\n');
    await closed;
    const [headers, body] = Buffer.concat(chunks).toString().split('\r\n\r\n');
    expect(headers).toMatch(/^HTTP\/1.1 400 /);
    expect(JSON.parse(body ?? '')).toMatchObject({ code: 400, message: 'request' });
  });

  it('a box token opens no operator call, and an operator token no box call', async () => {
    const { admin } = head.demo.users;
    for (const path of ['/stb/v1/boxes', '/stb/v1/events', '/iptv/device', '/stb/v1/customers', '/stb/v1/users']) {
      expect((await head.call(box.token, path)).status, path).toBe(403);
      expect((await head.call(undefined, path)).status, path).toBe(401);
    }
    expect((await head.call(admin.token, '/stb/v1/lineup')).status).toBe(403);
    expect((await head.call(admin.token, '/iptv/app/heartbeat', { body: {} })).status).toBe(403);
    expect((await head.call(admin.token, '/stb/v1/reports', { body: [] })).status).toBe(403);
  });

  it('a firmware file is served by range, and nothing beside the folder', async () => {
    expect((await head.call(undefined, '/stb/v1/firmware/missing.bundle')).status).toBe(404);
    for (const path of ['../headend.db', '%2e%2e/headend.db', '..%2fheadend.db', '.hidden']) {
      const { status, body } = await head.call(undefined, `/stb/v1/firmware/${path}`);
      expect([400, 403, 404], path).toContain(status);
      expect(JSON.stringify(body)).not.toContain('SQLite');
    }
  });
});

it('the depth of JSON is seen outside of strings only', () => {
  expect(depthOf('{"a":[1,{"b":"]]]}}}\\"[[[["}]}')).toBe(3);
  expect(depthOf('"[[["')).toBe(0);
  expect(depthOf('')).toBe(0);
});
