/** How a request goes over the wire: as it should, or in one of the ways that servers are attacked with. */
import fc from 'fast-check';
import type { RawRequest } from '../support/raw-http.ts';
import type { HttpRequest } from './http-request.ts';

type Framing = (request: HttpRequest) => { bytes: Buffer; isWhole: boolean };

const plain: Framing = (request) => ({ bytes: render(request), isWhole: true });

/** Each breaks one rule of RFC 9112. What may also be taken for a whole request has to be answered. */
const breaches: Framing[] = [
  (request) => ({ bytes: render(request).subarray(0, -1), isWhole: false }),
  (request) => ({ bytes: render(request, { length: (request.body?.length ?? 0) + 7 }), isWhole: false }),
  (request) => ({ bytes: render(request, { length: 'ten' }), isWhole: false }),
  (request) => ({ bytes: render(request, { length: -1 }), isWhole: false }),
  (request) => ({ bytes: render(request, { more: ['Transfer-Encoding: chunked'] }), isWhole: false }),
  (request) => ({ bytes: render(request, { more: ['X: a\u0000b'] }), isWhole: false }),
  (request) => ({ bytes: render(request, { more: ['X : a'] }), isWhole: false }),
  (request) => ({ bytes: render(request, { more: ['Content-Length: 1', 'Content-Length: 2'] }), isWhole: false }),
  (request) => ({ bytes: render(request, { more: [`X: ${'a'.repeat(40_000)}`] }), isWhole: false }),
  (request) => ({ bytes: render(request, { version: 'HTTP/9.9' }), isWhole: false }),
  (request) => ({ bytes: render(request, { version: '' }), isWhole: false }),
  (request) => ({ bytes: render({ ...request, method: 'G\u0000T' }), isWhole: false }),
  (request) => ({ bytes: render({ ...request, target: request.target.slice(1) }), isWhole: false }),
  (request) => ({ bytes: render({ ...request, target: `//${request.target}` }), isWhole: true }),
  (request) => ({ bytes: render({ ...request, target: `${request.target}?${'a=1&'.repeat(3_000)}` }), isWhole: true }),
  (request) => ({ bytes: render({ ...request, method: 'BREW' }), isWhole: false }),
  (request) => ({ bytes: render({ ...request, method: 'OPTIONS' }), isWhole: true }),
  (request) => ({ bytes: render({ ...request, method: 'PATCH' }), isWhole: true }),
  (request) => ({ bytes: render(request, { host: false }), isWhole: true }),
  (request) => ({ bytes: render(request, { more: ['Expect: the unexpected'] }), isWhole: true }),
  (request) => ({ bytes: render(request, { more: ['Expect: 100-continue'] }), isWhole: true }),
  (request) => ({ bytes: render(request, { more: ['Connection: Upgrade', 'Upgrade: websocket'] }), isWhole: true }),
  (request) => ({ bytes: render(request, { more: [...upgrade, 'Sec-WebSocket-Protocol: stb.v1'] }), isWhole: true }),
  (request) => ({
    bytes: render(request, { more: [...upgrade, 'Sec-WebSocket-Protocol: net.measurementlab.ndt.v7'] }),
    isWhole: true,
  }),
  (request) => ({ bytes: render(request, { more: [...upgrade, 'Sec-WebSocket-Version: 99'] }), isWhole: true }),
  () => ({ bytes: Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), isWhole: false }),
  () => ({ bytes: Buffer.from('\r\n'.repeat(100)), isWhole: false }),
  () => ({ bytes: Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00]), isWhole: false }),
];
const upgrade = [
  ...['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 13'],
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
];

const framing = fc.oneof(
  { weight: 30, arbitrary: fc.constant(plain) },
  { weight: 1, arbitrary: fc.constantFrom(chunked, head) },
  { weight: 1, arbitrary: fc.constantFrom(...breaches) },
);

/** Puts requests on the wire, most of them as HTTP wants it. */
export function onTheWire(requests: fc.Arbitrary<HttpRequest>): fc.Arbitrary<RawRequest> {
  return fc.tuple(requests, framing).map(([request, frame]) => {
    const { bytes, isWhole } = frame(request);
    const start = bytes.subarray(0, 5).toString('latin1');
    return { bytes, isWhole, isHead: start === 'HEAD ', isUpgrade: bytes.includes('Upgrade: websocket') };
  });
}

function chunked(request: HttpRequest): { bytes: Buffer; isWhole: boolean } {
  const { body = Buffer.from('{}') } = request;
  const pieces = [body.subarray(0, body.length >> 1), body.subarray(body.length >> 1)].filter(
    (piece) => piece.length > 0,
  );
  const chunks = pieces.flatMap((piece) => [
    Buffer.from(`${piece.length.toString(16)};x=y\r\n`),
    piece,
    Buffer.from('\r\n'),
  ]);
  const start = render({ ...request, body: undefined }, { more: ['Transfer-Encoding: chunked'] });
  return { bytes: Buffer.concat([start, ...chunks, Buffer.from('0\r\n\r\n')]), isWhole: true };
}

function head(request: HttpRequest): { bytes: Buffer; isWhole: boolean } {
  return { bytes: render({ ...request, method: 'HEAD', body: undefined }), isWhole: true };
}

type Deviation = { length?: number | string; more?: string[]; version?: string; host?: boolean };

/** The bytes of a request. Header values are latin1, without what would end the line. */
function render({ method, target, headers, body }: HttpRequest, deviation: Deviation = {}): Buffer {
  const { length = body?.length, more = [], version = 'HTTP/1.1', host = true } = deviation;
  const lines = [
    `${method} ${target} ${version}`,
    ...(host && !headers.some(([name]) => name === 'Host') ? ['Host: 127.0.0.1'] : []),
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(length === undefined ? [] : [`Content-Length: ${length}`]),
    ...more,
  ];
  return Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), body ?? Buffer.alloc(0)]);
}
