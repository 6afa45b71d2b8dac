/** What a hostile headend sends to a box: good messages, spoilt ones, and what never was one. */
import fc from 'fast-check';
import { keyNames } from '../../agent/protocol/keys.ts';
import { boxParamSchemas } from '../../agent/protocol/params.ts';
import { hostileJson, objectText } from './hostile-json.ts';
import { byteMutations, type Fields, fieldMutations } from './mutation.ts';

const id = fc.oneof(
  { weight: 40, arbitrary: fc.stringMatching(/^[0-9a-f]{24}$/) },
  { weight: 4, arbitrary: fc.stringMatching(/^[A-Za-z0-9_.:-]{1,64}$/) },
  { weight: 1, arbitrary: fc.constantFrom('.', '..', '...', '__proto__', 'constructor', 'toString', '-', ':', 'null') },
);

/** Text with the tags that a MESSAGE may have and those that it may not. */
const html = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '<b>',
        '</b>',
        '<ul><li>',
        '<script>',
        '<a href="javascript:1">',
        '&lt;',
        '&#0;',
        '<!--',
        '<p',
        '\u202e',
        'Lunch',
      ),
      fc.string(),
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
/** Nothing of this is on the network: the hosts do not exist, and nobody listens on the port. */
const address = fc.constantFrom(
  'http://box.invalid/film.mp4',
  'udp://239.1.1.1:1234',
  'rtp://239.1.1.1:5004',
  'http://127.0.0.1:9/',
  'https://[::1]:9/x',
  'file:///etc/passwd',
  'http://a:b@127.0.0.1:9/',
);
const script = fc.constantFrom(
  '1+1',
  'window.location',
  'throw new Error("no")',
  'stb.toast("hi")',
  '(',
  'globalThis.constructor.constructor("return process")()',
);

/** Parameters that are right, or nearly; what takes long is kept short. */
const paramsOf: Record<string, fc.Arbitrary<unknown>> = {
  MESSAGE: fc.record(
    { message: html, duration: fc.constant(1), notify: fc.constantFrom('SOUND', 'READ'), repeat: fc.boolean() },
    { requiredKeys: ['message'] },
  ),
  VIDEO: fc.record({ video: address, message: html }, { requiredKeys: ['video'] }),
  PLAYCHANNEL: fc.record({ channel: id }),
  PLAYRADIOCHANNEL: fc.record({ radiochannel: id }),
  VOLUME: fc.record({ volume: fc.integer({ min: -1, max: 101 }) }),
  EMULATEKEYS: fc.record({
    keys: fc.array(fc.constantFrom(...keyNames), { maxLength: 3 }),
    gap: fc.constantFrom(0, 1),
  }),
  MANAGEMENT: fc.record({ port: fc.integer({ min: 0, max: 65_536 }) }),
  SCRIPT: fc.record({ script: address }),
  JS: fc.record({ js: script }),
  FIRMWARE: fc.record({ firmware: address }),
  MESSAGE_VIDEO: fc.record({ message: html, video: address, duration: fc.constant(1) }),
  MESSAGE_URL: fc.record({ message: html, url: address, duration: fc.constant(1) }),
  CUT_OFF: fc.record({ message: html }),
  PLAYNUMBER: fc.record({ number: fc.integer({ min: -1, max: 10_000 }) }),
  PLAYRADIONUMBER: fc.record({ number: fc.integer({ min: -1, max: 10_000 }) }),
  UIDEBUG: fc.record({ debugserver: fc.constantFrom('', '127.0.0.1:9', '[::1]:9', 'a:99999', '/') }),
};
const instant = fc
  .oneof(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: -4e11, max: 4e11 }))
  .map((ms) => new Date(Date.now() + ms).toISOString());

const types = Object.keys(boxParamSchemas);
/** Types that take a box a while, by their nature. */
const slow = ['VIDEO', 'MESSAGE_VIDEO', 'MESSAGE_URL', 'EMULATEKEYS', 'UI', 'JS', 'UIDEBUG', 'SCREENSHOT', 'SPEEDTEST'];
const isSlow = (name: string) => slow.includes(name) || name === 'REBOOT' || name === 'SWITCH_OFF';

/** How often each type comes: what keeps the box busy comes seldom. */
const type = fc.oneof(
  { weight: 60, arbitrary: fc.constantFrom('VOLUME') },
  { weight: 20, arbitrary: fc.constantFrom(...types.filter((name) => !isSlow(name))) },
  { weight: 2, arbitrary: fc.constantFrom(...types.filter(isSlow)) },
  { weight: 2, arbitrary: fc.constantFrom('volume', 'VOLUME ', '__proto__', 'constructor', 'hasOwnProperty', '') },
  { weight: 2, arbitrary: fc.string() },
);

const actionFields: fc.Arbitrary<Fields> = type.chain((name) =>
  fc
    .record(
      {
        v: fc.constant(1),
        kind: fc.constant('action'),
        id,
        type: fc.constant(name),
        params: (Object.hasOwn(paramsOf, name) && paramsOf[name]) || fc.constant({}),
        when: instant,
        expires: instant,
        spread: fc.constantFrom(0, 1, 86_400),
      },
      { requiredKeys: ['v', 'kind', 'id', 'type', 'params'] },
    )
    .map(fieldsOf),
);
/** Without `when` and the like the action is run at once. */
const immediate = actionFields.map((fields) =>
  fields.filter(([key]) => !['"when"', '"expires"', '"spread"'].includes(key)),
);
const otherFields: fc.Arbitrary<Fields> = fc.oneof(
  fc.record({ v: fc.constant(1), kind: fc.constant('cancel'), id }).map(fieldsOf),
  fc.record({ v: fc.constant(1), kind: fc.constant('ack'), report: id }).map(fieldsOf),
  fc
    .record({
      v: fc.constantFrom(0, 2, 1.5, '1'),
      kind: fc.constantFrom('action', 'cancel', 'report', 'hello', 'telemetry', ''),
      id,
    })
    .map(fieldsOf),
);
const fields = fc.oneof(
  { weight: 5, arbitrary: immediate },
  { weight: 2, arbitrary: actionFields },
  { weight: 2, arbitrary: otherFields },
);
/** Parameters that are wrong in a message that is right otherwise. */
const spoiltParams: fc.Arbitrary<Fields> = fc
  .tuple(immediate, fieldMutations)
  .map(([whole, mutate]) =>
    whole.map(([key, value]) => [key, key === '"params"' ? objectText(mutate(fieldsOf(JSON.parse(value)))) : value]),
  );

const good = fields.map(toBytes);

/** One message, as bytes. */
export const headendMessage: fc.Arbitrary<Buffer> = fc.oneof(
  { weight: 3, arbitrary: good },
  { weight: 6, arbitrary: fc.tuple(fields, fieldMutations).map(([whole, mutate]) => toBytes(mutate(whole))) },
  { weight: 3, arbitrary: spoiltParams.map(toBytes) },
  { weight: 6, arbitrary: fc.tuple(good, byteMutations).map(([bytes, mutate]) => mutate(bytes)) },
  { weight: 2, arbitrary: hostileJson.map((text) => Buffer.from(text)) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);

/** Puts messages in another order and some of them in twice. */
export const disorder: fc.Arbitrary<(messages: readonly Buffer[]) => Buffer[]> = fc
  .array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 20 })
  .map((moves) => (messages) => {
    const result = [...messages];
    for (const [from, to] of moves) {
      const message = result[from % result.length];
      if (message) result.splice(to % result.length, 0, message);
    }
    return result;
  });

function fieldsOf(message: object): Fields {
  return Object.entries(message).map(([key, value]) => [JSON.stringify(key), JSON.stringify(value) ?? 'null']);
}

function toBytes(whole: Fields): Buffer {
  return Buffer.from(objectText(whole));
}
