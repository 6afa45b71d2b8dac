/** What is particular to the heartbeat upstream: what it says, how it waits, and what it makes of any answer. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { createHeartbeatUpstream } from '../../agent/upstreams/heartbeat.ts';
import { upstreamLimits } from '../../agent/upstreams/limits.ts';
import type { HeartbeatOptions } from '../../agent/upstreams/options.ts';
import { serve } from '../support/serve.ts';
import { until } from '../support/until.ts';
import { action, createUpstreamBox, report, type UpstreamBox } from '../support/upstream-box.ts';
import { box as identity, token } from '../support/upstream-peers.ts';

type Request = { path: string; headers: IncomingMessage['headers']; body: Record<string, unknown>; port: number };
type Answer = (response: ServerResponse, request: Request) => void;

const boxes: UpstreamBox[] = [];

afterEach(async () => {
  for (const box of boxes.splice(0)) await box.upstream.stop();
});

/** Packed before it is asked for: that takes a while on a busy machine, and an answer has half a second. */
const giant = gzipSync(Buffer.alloc(upstreamLimits.answerBytes + 1, 0x20));

/** A server whose answers to heartbeats and to reports the test gives. */
async function startServer(onHeartbeat: Answer, onReport: Answer = (response) => response.writeHead(204).end()) {
  const requests: Request[] = [];
  const url = await serve((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (chunk) => {
      body += chunk;
    });
    request.on('end', () => {
      const path = request.url ?? '';
      const { headers, socket } = request;
      const seen = { path, headers, body: JSON.parse(body) as Record<string, unknown>, port: socket.remotePort ?? 0 };
      requests.push(seen);
      if (path.endsWith('/iptv/app/heartbeat')) onHeartbeat(response, seen);
      else onReport(response, seen);
    });
  });
  const polls = () => requests.filter(({ path }) => path.endsWith('/iptv/app/heartbeat'));
  const reports = () => requests.filter(({ path }) => path.endsWith('/stb/v1/reports'));
  return { url, polls, reports };
}

function startBox(url: string, options: Partial<HeartbeatOptions> = {}): UpstreamBox {
  const times = { intervalSeconds: 0.1, longPollSeconds: 0, timeoutSeconds: 0.5 };
  const box = createUpstreamBox(
    (deps) => createHeartbeatUpstream({ url, token, ...times, ...options }, deps),
    identity,
  );
  boxes.push(box);
  return box;
}

const json =
  (value: unknown): Answer =>
  (response) =>
    response.end(JSON.stringify(value));
const empty = json({ actions: [] });
const ids = (box: UpstreamBox) => box.received.map((text) => (JSON.parse(text) as { id: string }).id);

describe('polling', () => {
  test('posts the documented statistics and the telemetry, below the path of the URL', async () => {
    const { url, polls } = await startServer(empty);
    const box = startBox(`${url}/operator/`);
    await until(() => box.connects === 1);
    expect(polls()[0]).toMatchObject({
      path: '/operator/iptv/app/heartbeat',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: { token, cpuUsage: '12.5', telemetry: { kind: 'telemetry', volume: 40 } },
    });
    expect(polls()[0]?.headers.prefer).toBeUndefined();
    expect(box.upstream.status().detail).toBe('a poll every 0.1 s');
  });

  test('polls again and again over one connection', async () => {
    const { url, polls } = await startServer(empty);
    startBox(url);
    await until(() => polls().length >= 4);
    expect(new Set(polls().map(({ port }) => port)).size).toBe(1);
  });

  test('polls without waiting as long as the server holds the polls', async () => {
    let held = 0;
    const { url, polls } = await startServer((response, { headers }) => {
      if (!headers.prefer) return empty(response, {} as Request);
      held += 1;
      response.setHeader('preference-applied', 'wait=7');
      return json({ actions: held < 4 ? [action(`a${held}`)] : [] })(response, {} as Request);
    });
    const box = startBox(url, { intervalSeconds: 3600, longPollSeconds: 7 });
    await until(() => ids(box).length === 3);
    expect(polls()[1]?.headers.prefer).toBe('wait=7');
    expect(box.upstream.status().detail).toBe('long poll');
  });

  test('keeps to its interval where the server does not hold polls', async () => {
    const { url, polls } = await startServer(empty);
    const box = startBox(url, { intervalSeconds: 3600, longPollSeconds: 7 });
    await until(() => polls().length === 2);
    await until(() => box.upstream.status().detail === 'a poll every 3600 s');
    await box.upstream.send(report('a1', 'done'));
    expect(polls()).toHaveLength(2);
  });

  test('a server that says it holds polls and does not is not asked without end', async () => {
    const { url, polls } = await startServer((response) => {
      response.setHeader('preference-applied', 'wait=7').end('[]');
    });
    const box = startBox(url, { longPollSeconds: 7 });
    await until(() => polls().length >= 2);
    for (let index = 0; index < 20; index += 1) await box.upstream.send(report('a1', 'started'));
    expect(polls().length).toBeLessThan(5);
  });

  test('while an action could not be stored, the polls leave the others on the queue', async () => {
    const { url, polls } = await startServer((response, { body }) => {
      json({ actions: body.noEvents || polls().length > 1 ? [action('later')] : [action('a1')] })(
        response,
        {} as Request,
      );
    });
    const box = startBox(url);
    let isFull = true;
    box.store = () => {
      if (isFull) throw new Error('the disk is full');
    };
    await until(() => polls().some(({ body }) => body.noEvents === true));
    expect(new Set(ids(box))).toEqual(new Set(['a1']));
    isFull = false;
    await until(() => ids(box).includes('later'));
  });
});

describe('answers', () => {
  test.each<[string, Answer]>([
    ['{ actions }', json({ actions: [action('a1'), action('a2')] })],
    ['a bare list', json([action('a1'), action('a2')])],
    ['{ events }', json({ events: [action('a1'), action('a2')] })],
    [
      'gzip',
      (response) =>
        response.setHeader('content-encoding', 'gzip').end(gzipSync(JSON.stringify([action('a1'), action('a2')]))),
    ],
    [
      'JSON called text/html',
      (response) => response.setHeader('content-type', 'text/html').end(JSON.stringify([action('a1'), action('a2')])),
    ],
    [
      'bad items among good ones',
      json([null, action('a1'), 7, 'x', [], {}, { v: 2, kind: 'action', id: 'z' }, action('a2')]),
    ],
  ])('%s: every good action is taken', async (_what, answer) => {
    const { url } = await startServer(answer);
    const box = startBox(url);
    await until(() => box.received.length > 0);
    expect(box.received).toEqual(expect.arrayContaining([JSON.stringify(action('a1')), JSON.stringify(action('a2'))]));
  });

  test.each<[string, Answer]>([
    ['nothing', (response) => response.end()],
    ['204', (response) => response.writeHead(204).end()],
    ['null', json(null)],
    ['an object with neither list', json({ success: true })],
  ])('%s: there is nothing to do, and the headend is there', async (_what, answer) => {
    const { url } = await startServer(answer);
    const box = startBox(url);
    await until(() => box.connects === 1);
    expect(box.received).toEqual([]);
  });

  test('a headend that is not there is told in whole words, without the query of its address', async () => {
    const box = startBox('http://127.0.0.1:1/?token=hush');
    await until(() => box.upstream.status().lastError);
    expect(box.upstream.status().lastError).toMatch(
      /is the port right\? \(request to http:\S+ failed, reason: connect/,
    );
    expect(box.upstream.status().lastError).not.toContain('hush');
  });

  test.each<[string, Answer, RegExp]>([
    ['401', (response) => response.writeHead(401).end(), /refused the credentials \(401\)/],
    ['404', (response) => response.writeHead(404).end('no'), /no such path/],
    ['500 with a body', (response) => response.writeHead(500).end('{"actions":[]}'), /500, an error of its own/],
    [
      'a redirect',
      (response) => response.writeHead(302, { location: 'http://portal/' }).end(),
      /redirects to http:\/\/portal\//,
    ],
    ['a web page', (response) => response.end('<!doctype html><title>Log in'), /a web page.*login page/],
    ['text', (response) => response.end('OK'), /not JSON but it starts "OK"/],
    ['half of it', (response) => response.end('{"actions":['), /not JSON/],
    ['actions that are no list', json({ actions: 'none' }), /not as a list/],
    [
      'a giant body',
      (response) => response.end(Buffer.alloc(upstreamLimits.answerBytes + 1, 0x20)),
      /larger than \d+ bytes/,
    ],
    [
      'a small body that unpacks to a giant one',
      (response) => response.setHeader('content-encoding', 'gzip').end(giant),
      /larger than \d+ bytes/,
    ],
    ['gzip that is none', (response) => response.setHeader('content-encoding', 'gzip').end('{"actions":[]}'), /./],
    ['no answer', () => undefined, /no complete answer within 0\.5 s/],
    [
      'a byte now and then',
      (response) => {
        response.write('{"actions":[');
        const drip = setInterval(() => response.write(' '), 50);
        response.on('close', () => clearInterval(drip));
      },
      /no complete answer within 0\.5 s/,
    ],
    ['a cut in the middle', (response) => response.write('{"actions":[', () => response.destroy()), /./],
    ['no HTTP', (response) => response.socket?.end('220 mail.example ESMTP\r\n'), /./],
  ])('%s: the headend counts as not there, and the next good answer counts', async (_what, answer, words) => {
    let isGood = false;
    const { url } = await startServer((response, request) =>
      (isGood ? json([action('a1')]) : answer)(response, request),
    );
    const box = startBox(url);
    await until(() => box.upstream.status().state === 'waiting');
    expect(box.upstream.status().lastError).toMatch(words);
    expect(box.connects).toBe(0);
    isGood = true;
    await until(() => ids(box).includes('a1'));
  });
});

describe('reports', () => {
  test('are posted one by one while a poll is held, over another connection', async () => {
    const { url, polls, reports } = await startServer((response, { headers }) => {
      if (!headers.prefer) empty(response, {} as Request);
    });
    const box = startBox(url, { longPollSeconds: 60 });
    await until(() => polls().length === 2);
    await box.upstream.send(report('a1', 'started'));
    expect(reports()).toMatchObject([
      { path: '/stb/v1/reports', body: { kind: 'report', id: 'a1', state: 'started' } },
    ]);
    expect(reports()[0]?.port).not.toBe(polls()[1]?.port);
  });

  test('a stored final report is acknowledged, one for the eye is not', async () => {
    const { url } = await startServer(empty);
    const box = startBox(url);
    await until(() => box.connects === 1);
    await box.upstream.send(report('a1', 'started'));
    const final = report('a1', 'done');
    await box.upstream.send(final);
    await until(() => box.received.length > 0);
    expect(box.received.map((text) => JSON.parse(text))).toEqual([{ v: 1, kind: 'ack', report: final.report }]);
  });

  test('a headend that lists what it stored is taken at its word', async () => {
    const { url } = await startServer(empty, json({ acks: ['r7', 'r8', 9] }));
    const box = startBox(url);
    await until(() => box.connects === 1);
    await box.upstream.send(report('a1', 'done'));
    await until(() => box.received.length === 2);
    expect(box.received.map((text) => (JSON.parse(text) as { report: string }).report)).toEqual(['r7', 'r8']);
  });

  test.each([401, 404, 422, 500, 302])(
    'answered %i: sending is rejected with the reason, and nothing is acknowledged',
    async (status) => {
      const { url } = await startServer(empty, (response) => response.writeHead(status).end());
      const box = startBox(url);
      await until(() => box.connects === 1);
      const sending = box.upstream.send(report('a1', 'done'));
      await expect(sending).rejects.toMatchObject({
        code: 'HEADEND_FAILED',
        message: expect.stringContaining(`${status}`),
      });
      expect(box.received).toEqual([]);
    },
  );

  test('telemetry is not posted, because the polls carry it', async () => {
    const { url, reports } = await startServer(empty);
    const box = startBox(url);
    await until(() => box.connects === 1);
    await box.upstream.send({ v: 1, kind: 'telemetry', at: new Date().toISOString() });
    expect(reports()).toEqual([]);
  });
});
