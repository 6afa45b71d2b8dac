/** A real headend on ports of its own, and raw clients that act as a box on each upstream. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import WebSocket from 'ws';
import { newId } from '../../agent/protocol/id.ts';
import type { ActionMessage, HeadendMessage, Report } from '../../agent/protocol/messages.ts';
import { topics } from '../../agent/protocol/topics.ts';
import type { HeadendConfigInput } from '../../headend/config.ts';
import type { Demo, DemoBox } from '../../headend/demo/demo.ts';
import { type Headend, startHeadend } from '../../headend/main.ts';

export type Answer = {
  status: number;
  /** The JSON of the answer, or its text. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into answers whose shape it asserts.
  body: any;
  headers: Headers;
};

export type TestHeadend = {
  readonly headend: Headend;
  readonly demo: Demo;
  readonly dataDir: string;
  /** Calls the API; `token` is an operator's or a box's, or undefined for none. */
  call(token: string | undefined, path: string, init?: CallInit): Promise<Answer>;
  /** Makes one action through the headend's own API, and returns its id. */
  act(box: DemoBox, type: string, params?: object, more?: object): Promise<string>;
  /** An action as the headend's own API shows it, singly. */
  action(id: string): Promise<Answer['body']>;
  /** Ends the headend and starts it again on the same data; addresses may change. */
  restart(): Promise<void>;
  close(): Promise<void>;
};

export type CallInit = { method?: string; body?: unknown; headers?: Record<string, string> };

/** Starts a headend with the demonstration's data in a temporary directory, which `close` removes. */
export async function openTestHeadend(config: HeadendConfigInput = {}): Promise<TestHeadend> {
  const dataDir = mkdtempSync(join(tmpdir(), 'stb-headend-'));
  const start = () =>
    startHeadend({
      data_dir: dataDir,
      demo: true,
      http: { port: 0 },
      broker: { port: 0 },
      log: { level: 'silent' },
      ...config,
    });
  let headend = await start();

  async function call(token: string | undefined, path: string, init: CallInit = {}): Promise<Answer> {
    const { method = init.body === undefined ? 'GET' : 'POST', body, headers = {} } = init;
    const response = await fetch(headend.url + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const isJson = method !== 'HEAD' && response.headers.get('content-type')?.startsWith('application/json');
    return {
      status: response.status,
      body: isJson ? await response.json() : await response.text(),
      headers: response.headers,
    };
  }

  const admin = () => (headend.demo as Demo).users.admin.token;
  return {
    get headend() {
      return headend;
    },
    get demo() {
      return headend.demo as Demo;
    },
    dataDir,
    call,
    async act(box, type, params = {}, more = {}) {
      const { status, body } = await call(admin(), '/stb/v1/actions', {
        body: { boxes: [box.id], type, params, ...more },
      });
      if (status !== 200) throw new Error(`making ${type}: ${status} ${JSON.stringify(body)}`);
      if (body.skipped > 0) throw new Error(`${type} waits for box ${box.id} already`);
      return body.actions[0].id;
    },
    action: async (id) => (await call(admin(), `/stb/v1/actions/${id}`)).body,
    async restart() {
      await headend.close();
      headend = await start();
    },
    async close() {
      await headend.close();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** A raw client in the place of a box: what it heard, and what it says. */
export type RawBox = {
  heard: HeadendMessage[];
  /** The actions among what it heard. */
  actions(): ActionMessage[];
  say(message: object): Promise<void>;
  close(): Promise<void>;
};

/** A box on the WebSocket. Rejects with the HTTP status when it is refused. */
export async function openSocketBox(
  headend: Pick<Headend, 'url'>,
  box: Pick<DemoBox, 'token'>,
): Promise<RawBox & { socket: WebSocket }> {
  const socket = new WebSocket(`${headend.url.replace('http', 'ws')}/stb/v1/ws`, 'stb.v1', {
    headers: { authorization: `Bearer ${box.token}` },
  });
  const heard: HeadendMessage[] = [];
  socket.on('message', (data) => heard.push(JSON.parse(data.toString())));
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return {
    socket,
    heard,
    actions: () => actionsIn(heard),
    say: (message) =>
      new Promise((resolve, reject) =>
        socket.send(JSON.stringify(message), (error) => (error ? reject(error) : resolve())),
      ),
    close: () =>
      new Promise((resolve) => {
        if (socket.readyState === WebSocket.CLOSED) return resolve();
        socket.once('close', () => resolve());
        socket.close();
      }),
  };
}

/** A box on MQTT 3.1.1 with a persistent session, subscribed to its actions. Rejects when it is refused. */
export async function openMqttBox(
  headend: Headend,
  box: DemoBox,
  options: IClientOptions = {},
): Promise<RawBox & { client: MqttClient }> {
  const client = await mqtt.connectAsync(headend.mqttUrl, {
    clientId: box.id,
    username: box.id,
    password: box.token,
    clean: false,
    protocolVersion: 4,
    reconnectPeriod: 0,
    ...options,
  });
  const heard: HeadendMessage[] = [];
  client.on('message', (_topic, payload) => heard.push(JSON.parse(payload.toString())));
  client.on('error', () => {});
  await client.subscribeAsync(topics.actions(box.id), { qos: 1 });
  return {
    client,
    heard,
    actions: () => actionsIn(heard),
    say: async (message) =>
      void (await client.publishAsync(topics.reports(box.id), JSON.stringify(message), { qos: 1 })),
    close: () => client.endAsync(true),
  };
}

/** One heartbeat; `wait` asks for a long poll of so many seconds. */
export function poll(head: TestHeadend, box: DemoBox, body: object = {}, wait = 0): Promise<Answer> {
  return head.call(box.token, '/iptv/app/heartbeat', { body, headers: wait > 0 ? { prefer: `wait=${wait}` } : {} });
}

function actionsIn(heard: HeadendMessage[]): ActionMessage[] {
  return heard.filter((message) => message.kind === 'action');
}

/** A report as a box makes it. */
export function report(id: string | null, state: Report['state'], more: Partial<Report> = {}): Report {
  return { v: 1, kind: 'report', report: newId(), id, state, at: new Date().toISOString(), ...more };
}

/** The hello of a box. */
export function hello(box: DemoBox, more: object = {}): object {
  return {
    v: 1,
    kind: 'hello',
    box: box.id,
    mac: box.mac,
    model: 'SIM250',
    firmware: '1.0.0',
    agent: '0.1.0',
    bootId: 'a-boot',
    types: ['MESSAGE'],
    capabilities: ['ui'],
    ...more,
  };
}
