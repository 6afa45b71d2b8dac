/** Requests at the edge of HTTP, which no route ever sees: they are refused in the same shape as all others. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';
import { createRawClient, type RawClient } from '../support/raw-http.ts';

let head: TestHeadend;
let client: RawClient;
beforeAll(async () => {
  head = await openTestHeadend();
  client = createRawClient(Number(new URL(head.headend.url).port));
});
afterAll(async () => {
  client.close();
  await head.close();
});

const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket';
const webSocket = `${upgrade}\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==`;

test.each([
  ['without a host', 400, 'GET /healthz HTTP/1.1'],
  ['with an expectation that nobody meets', 417, 'GET /healthz HTTP/1.1\r\nHost: a\r\nExpect: the unexpected'],
  ['for a WebSocket without a key', 400, `GET /stb/v1/lineup HTTP/1.1\r\nHost: a\r\n${upgrade}`],
  [
    'for a WebSocket of a version that does not exist',
    400,
    `GET /stb/v1/lineup HTTP/1.1\r\nHost: a\r\n${webSocket.replace('13', '99')}`,
  ],
  ['for a WebSocket by PUT', 400, `PUT /stb/v1/artifacts/a HTTP/1.1\r\nHost: a\r\n${webSocket}`],
  ['for a WebSocket at a path that is no path', 400, `GET /%zz HTTP/1.1\r\nHost: a\r\n${webSocket}`],
])('a request %s is refused as documented, and closed where it was an upgrade', async (_, status, request) => {
  const bytes = Buffer.from(`${request}\r\n\r\n`);
  const answer = await client.send({ bytes, isWhole: true, isUpgrade: request.includes('Upgrade') });
  expect(answer).toMatchObject({ status });
  expect(answer?.headers.get('content-type')).toMatch(/^application\/json/);
  expect(JSON.parse(answer?.body.toString() ?? '')).toEqual({
    code: status,
    message: expect.any(String),
    description: expect.any(String),
  });
});

/** How the API below a path writes an error; a box of a portal reads a sentence. */
const shapes = [
  [
    '/iptv/package',
    /^application\/json/,
    (status: number) => ({ code: status, ...sentences('message', 'description') }),
  ],
  [
    '/stb/v1/boxes',
    /^application\/json/,
    (status: number) => ({ code: status, ...sentences('message', 'description') }),
  ],
  ['/stalker_portal/api/stb', /^application\/json$/, () => ({ status: 'ERROR', results: null, ...sentences('error') })],
  [
    '/stalker_portal/api/v1/stb',
    /^application\/json$/,
    () => ({ status: 'ERROR', results: null, ...sentences('error') }),
  ],
  ['/stalker_portal/server/load.php', /^text\/plain/, () => expect.stringMatching(/^[^{].*[^}]$/)],
] as const;

test.each(shapes)('below %s every refusal has the shape of that API', async (path, type, shape) => {
  const close = 'Host: a\r\nConnection: close';
  const post = (headers: string, body: string) =>
    `POST ${path} HTTP/1.1\r\n${close}\r\n${headers}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
  const refused: [status: number, request: string][] = [
    [400, `GET ${path}/%ZZ HTTP/1.1\r\n${close}\r\n\r\n`],
    [431, `GET ${path}?${'x'.repeat(20_000)} HTTP/1.1\r\n${close}\r\n\r\n`],
    [400, `GET ${path} HTTP/1.1\r\nConnection: close\r\n\r\n`],
    [417, `GET ${path} HTTP/1.1\r\n${close}\r\nExpect: the unexpected\r\n\r\n`],
    [400, `GET ${path} HTTP/1.1\r\nHost: a\r\n${upgrade}\r\n\r\n`],
    [400, `NOSUCH ${path} HTTP/1.1\r\n${close}\r\n\r\n`],
    [415, post('Content-Type: nosuch', 'x')],
    [413, post('Content-Type: application/json', 'x'.repeat(1024 * 1024 + 1))],
  ];
  for (const [status, request] of refused) {
    const isUpgrade = request.includes('Upgrade');
    const answer = await client.send({ bytes: Buffer.from(request), isWhole: true, isUpgrade });
    const text = answer?.body.toString() ?? '';
    const said = type.test('text/plain') ? text : JSON.parse(text);
    expect([request.slice(0, 60), answer?.status, said]).toEqual([request.slice(0, 60), status, shape(status)]);
    expect(answer?.headers.get('content-type')).toMatch(type);
  }
});

function sentences(...fields: string[]): object {
  return Object.fromEntries(fields.map((field) => [field, expect.stringMatching(/./)]));
}

const somewhere = 'ffffffffffffffffffffffff';

test.each([
  '/iptv/package',
  `/iptv/package/${somewhere}`,
  '/iptv/channel',
  `/iptv/channel/${somewhere}`,
  '/iptv/device',
  `/iptv/device/${somewhere}`,
  '/iptv/device/action',
  `/iptv/device/${somewhere}/action`,
  '/iptv/devicegroup',
  `/iptv/devicegroup/${somewhere}/device`,
  `/iptv/settings/${somewhere}`,
  '/iptv/drm',
  '/iptv/app/heartbeat',
  '/iptv/app/validate',
  '/stb/v1/session',
  '/stb/v1/actions',
  `/stb/v1/customers/${somewhere}`,
  `/stb/v1/users/${somewhere}`,
])('POST %s takes an object and no other JSON', async (path) => {
  for (const body of ['[]', '[{}]', '"name"', '5', 'true', 'null']) {
    const answer = await head.call(head.demo.users.admin.token, path, { body });
    expect([body, answer.status, answer.body]).toEqual([
      body,
      422,
      { code: 422, message: 'body', description: 'Expected a JSON object' },
    ]);
  }
  const text = { body: 'name', headers: { 'content-type': 'text/plain' } };
  expect(await head.call(head.demo.users.admin.token, path, text)).toMatchObject({ status: 415 });
});

test('POST /stb/v1/reports takes a list, too, and no other JSON', async () => {
  const token = head.demo.boxes[0]?.token;
  expect((await head.call(token, '/stb/v1/reports', { body: '[]' })).body).toEqual({ acks: [], refused: [] });
  expect((await head.call(token, '/stb/v1/reports', { body: '[null]' })).body).toMatchObject({
    refused: [{ index: 0 }],
  });
  for (const body of ['"name"', '5', 'null']) {
    expect(await head.call(token, '/stb/v1/reports', { body })).toMatchObject({
      status: 422,
      body: { message: 'body' },
    });
  }
});

test('a request for the WebSocket that asks for no upgrade is told to', async () => {
  const path = '/stb/v1/ws';
  const { status, body, headers } = await head.call(head.demo.boxes[0]?.token, path);
  expect({ status, body }).toMatchObject({ status: 426, body: { code: 426, message: 'upgrade' } });
  expect(headers.get('upgrade')).toBe('websocket');
});

test('HEAD of the event stream ends at once', async () => {
  const { token } = head.demo.users.admin;
  const bytes = Buffer.from(`HEAD /stb/v1/events HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\n\r\n`);
  expect(await client.send({ bytes, isWhole: true, isHead: true })).toMatchObject({ status: 200 });
});
