import * as fc from 'fast-check';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { actions } from '../../agent/actions/index.ts';
import { keyNames } from '../../agent/protocol/keys.ts';
import { explain } from '../../agent/protocol/messages.ts';
import { type ActionType, actionTypes, paramSchemas } from '../../agent/protocol/params.ts';
import { capabilityNames } from '../../platform/contract.ts';
import { settings } from '../support/action-context.ts';

test('every action type has a definition of its own, and there are eighteen', () => {
  expect(actionTypes).toHaveLength(18);
  expect(Object.keys(actions).sort()).toEqual([...actionTypes].sort());
  for (const type of actionTypes) expect(actions[type].type).toBe(type);
});

test.each(actionTypes)('%s names existing capabilities, documents its result and has a deadline', (type) => {
  const definition = actions[type];
  for (const name of definition.capabilities) expect(capabilityNames).toContain(name);
  expect(Object.keys(definition.result).length).toBeGreaterThan(0);
  expect(definition.summary).toMatch(/^[A-Z].*\.$/);
  expect(definition.idempotent && definition.settle).toBeFalsy();
});

test('the types that may run again after a crash are those whose effect is the same twice', () => {
  const idempotent = actionTypes.filter((type) => actions[type].idempotent).sort();
  const expected = [
    'VIDEO',
    'PLAYCHANNEL',
    'PLAYRADIOCHANNEL',
    'CHANNELS',
    'UI',
    'DVB',
    'SCREENSHOT',
    'SPEEDTEST',
    'VOLUME',
    'UIDEBUG',
  ];
  expect(idempotent).toEqual(expected.sort());
});

const valid: Record<ActionType, Record<string, unknown>[]> = {
  MESSAGE: [
    { message: 'x' },
    { message: 'x', notify: 'SOUND', repeat: true, duration: 86_400 },
    { message: 'x'.repeat(8_192) },
  ],
  VIDEO: [
    { video: 'http://a/b' },
    { video: 'https://a/b?c=%20' },
    { video: 'rtp://239.0.0.1:1234' },
    { video: 'udp://239.0.0.1:1', message: 'x' },
  ],
  PLAYCHANNEL: [{ channel: '1234578901234567890ABCD' }],
  SWITCH_OFF: [{}],
  CHANNELS: [{}],
  UI: [{}],
  REBOOT: [{}, { unknown: 'fields are ignored' }],
  DVB: [{}],
  SCREENSHOT: [{}],
  SPEEDTEST: [{}],
  MANAGEMENT: [{ port: 1 }, { port: 65_535, lifetime: 10 }],
  SCRIPT: [{ script: 'https://some.host.dom/path/script' }],
  JS: [{ js: '1' }],
  FIRMWARE: [{}, { firmware: 'https://some.host.dom/bundle' }],
  PLAYRADIOCHANNEL: [{ radiochannel: 'p1' }],
  UIDEBUG: [{}, { debugserver: '' }, { debugserver: ' host:1 ' }, { debugserver: '[::1]:65535' }],
  VOLUME: [{ volume: 0 }, { volume: 100 }],
  EMULATEKEYS: [{ keys: ['OK'] }, { keys: [...keyNames], gap: 0 }, { keys: Array(200).fill('UP') }],
};

const invalid: Record<ActionType, Record<string, unknown>[]> = {
  MESSAGE: [
    {},
    { message: '' },
    { message: '  ' },
    { message: 7 },
    { message: 'x'.repeat(8_193) },
    { message: 'x', notify: 'BEEP' },
    { message: 'x', repeat: 'yes' },
    { message: 'x', duration: 0 },
    { message: 'x', duration: Number.NaN },
  ],
  VIDEO: [
    {},
    { video: 'x' },
    { video: 'ftp://a/b' },
    { video: 'file:///etc/passwd' },
    { video: 'http://' },
    { video: 'http://u:p@a/b' },
    { video: 'javascript:alert(1)' },
    { video: `http://a/${'x'.repeat(2_048)}` },
  ],
  PLAYCHANNEL: [{}, { channel: '' }, { channel: 'a b' }, { channel: '../x' }, { channel: 1 }],
  SWITCH_OFF: [],
  CHANNELS: [],
  UI: [],
  REBOOT: [],
  DVB: [],
  SCREENSHOT: [],
  SPEEDTEST: [],
  MANAGEMENT: [{}, { port: 0 }, { port: 65_536 }, { port: 1.5 }, { port: '22' }, { port: 22, lifetime: 1 }],
  SCRIPT: [{}, { script: 'rtp://a/b' }, { script: 'file:///bin/sh' }, { script: 'data:text/plain,x' }],
  JS: [{}, { js: '' }, { js: 'x'.repeat(65_537) }],
  FIRMWARE: [{ firmware: '' }, { firmware: 'udp://a/b' }],
  PLAYRADIOCHANNEL: [{}, { radiochannel: 'a/b' }],
  UIDEBUG: [
    { debugserver: 'a b' },
    { debugserver: 'host:0' },
    { debugserver: 'host:65536' },
    { debugserver: 'http://host' },
    { debugserver: 8080 },
  ],
  VOLUME: [{}, { volume: -1 }, { volume: 101 }, { volume: 1.5 }, { volume: '50' }, { volume: Number.NaN }],
  EMULATEKEYS: [
    {},
    { keys: [] },
    { keys: 'OK' },
    { keys: ['NOKEY'] },
    { keys: ['ok'] },
    { keys: Array(201).fill('UP') },
    { keys: ['OK'], gap: -1 },
  ],
};

test.each(actionTypes)('%s takes what is valid and refuses what is not, with a sentence', (type) => {
  for (const params of valid[type])
    expect(v.safeParse(paramSchemas[type], params).success, JSON.stringify(params)).toBe(true);
  for (const params of invalid[type]) {
    const result = v.safeParse(paramSchemas[type], params);
    expect(result.success, JSON.stringify(params)).toBe(false);
    if (!result.success) expect(explain(result.issues[0])).toMatch(/^[a-z]+(\.\d+)?: .{10,}/);
  }
});

test.each(actionTypes)(
  '%s: no parameters at all make the schema throw, and a deadline is always a positive time',
  (type) => {
    const names = Object.keys(paramSchemas[type].entries);
    const hostile = fc.oneof(
      fc.anything(),
      fc.dictionary(fc.constantFrom(...names, '__proto__', 'constructor', 'extra'), fc.anything()),
      fc.record(
        Object.fromEntries(names.map((name) => [name, fc.oneof(fc.string(), fc.double(), fc.array(fc.string()))])),
      ),
    );
    fc.assert(
      fc.property(hostile, (params) => {
        const result = v.safeParse(paramSchemas[type], params);
        if (!result.success) return;
        const deadline = actions[type].deadlineMs(result.output as never, settings);
        expect(deadline).toBeGreaterThan(0);
        expect(Number.isFinite(deadline)).toBe(true);
      }),
      { numRuns: 500 },
    );
  },
);
