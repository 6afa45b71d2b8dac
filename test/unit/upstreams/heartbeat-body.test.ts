import { expect, test } from 'vitest';
import { decodeHeadendMessage } from '../../../agent/protocol/messages.ts';
import { acksIn, heartbeatBody, messagesIn } from '../../../agent/upstreams/heartbeat-body.ts';

const texts = (answer: string) => messagesIn(answer).map((bytes) => Buffer.from(bytes).toString());

test('the documented statistics are made from the telemetry, in the documented types', () => {
  const telemetry = {
    v: 1 as const,
    kind: 'telemetry' as const,
    at: '2026-11-21T12:00:00Z',
    cpuPercent: 7.5,
    freeMemoryPercent: 61,
    uptimeSeconds: 3600,
    temperature: 48,
    wifiLinkMbps: 866,
    wifiSignalDbm: -51,
    power: 'standby' as const,
  };
  expect(JSON.parse(JSON.stringify(heartbeatBody('t', telemetry)))).toEqual({
    token: 't',
    cpuUsage: '7.5',
    freeMemory: 61,
    uptime: 3600,
    temperatureZones: '48',
    wifiLinkSpeed: 866,
    wifiSignalStrength: -51,
    turnedOff: true,
    telemetry,
  });
});

test('figures that the box does not have are left out', () => {
  const body = heartbeatBody('t', undefined, { noEvents: true, interval: 60 });
  expect(JSON.parse(JSON.stringify(body))).toEqual({ token: 't', noEvents: true, interval: 60 });
});

test('each item is a message for itself, whatever it is', () => {
  expect(texts('[{"id":"a"},null,7,"x",[1]]')).toEqual(['{"id":"a"}', 'null', '7', '"x"', '[1]']);
  expect(texts('{"actions":[1],"events":[2]}')).toEqual(['1', '2']);
  expect(texts(' \n')).toEqual([]);
  expect(texts('{"actions":null}')).toEqual([]);
});

test.each(['{"kind":"ack","report":"r"', '{"kind":"action","id":"a","type":"UI"'])(
  'an item nested too deep to be encoded is refused by its reader for that, and the others are whole: %s, …',
  (item) => {
    const deep = `${item},"v":1,"x":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}`;
    const [first, second] = messagesIn(`{"actions":[${deep},{"id":"b"}]}`);
    const read = decodeHeadendMessage(first!);
    expect(read).toMatchObject({ ok: false, reason: expect.stringMatching(/^nested deeper/) });
    expect(read).toMatchObject({ id: item.includes('"a"') ? 'a' : null });
    expect(Buffer.from(second!).toString()).toBe('{"id":"b"}');
  },
);

test('what is no list of messages is named', () => {
  expect(() => messagesIn('<html>')).toThrow(/web page/);
  expect(() => messagesIn('OK')).toThrow(/not JSON but it starts "OK"/);
  expect(() => messagesIn('"actions"')).toThrow(/neither/);
  expect(() => messagesIn('{"actions":{}}')).toThrow(/not as a list/);
});

test('acknowledged reports are read where the headend lists them', () => {
  expect(acksIn('{"acks":["r1",2,"no id","r3"]}')).toEqual(['r1', 'r3']);
  for (const answer of ['', 'OK', 'null', '[]', '{}', '{"acks":1}']) expect(acksIn(answer)).toBeUndefined();
});
