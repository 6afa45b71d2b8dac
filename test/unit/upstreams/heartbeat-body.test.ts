import { expect, test } from 'vitest';
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

test('an item nested too deep to be encoded keeps its id and loses what is nested, and the others are whole', () => {
  const deep = `{"v":1,"id":"d","params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
  expect(texts(`[${deep},{"id":"a","params":{"b":[1]}}]`)).toEqual([
    '{"v":1,"id":"d","params":null}',
    '{"id":"a","params":{"b":[1]}}',
  ]);
});

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
