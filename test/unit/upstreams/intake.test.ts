import { expect, onTestFinished, test } from 'vitest';
import { createIntake } from '../../../agent/upstreams/intake.ts';
import { upstreamLimits } from '../../../agent/upstreams/limits.ts';
import { until } from '../../support/until.ts';
import { quiet } from '../../support/upstream-box.ts';

/** An intake whose `receive` is settled by the test, message by message. */
function startIntake() {
  const ended = new AbortController();
  onTestFinished(() => ended.abort());
  const offers: { name: string; store(): void; refuse(): void }[] = [];
  const acknowledged: string[] = [];
  const intake = createIntake({
    receive: (bytes) =>
      new Promise((resolve, reject) => {
        const refuse = () => reject(new Error('the disk is full'));
        offers.push({ name: Buffer.from(bytes).toString(), store: resolve, refuse });
      }),
    log: quiet,
    signal: ended.signal,
  });
  const take = (name: string) => intake.take(Buffer.from(name), () => acknowledged.push(name));
  return { intake, offers, acknowledged, take, end: () => ended.abort() };
}

test('messages are offered at once and acknowledged in the order they came', async () => {
  const { offers, acknowledged, take } = startIntake();
  for (const name of ['a', 'b', 'c']) void take(name);
  expect(offers.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  offers[2]?.store();
  offers[1]?.store();
  await new Promise(setImmediate);
  expect(acknowledged).toEqual([]);
  offers[0]?.store();
  await until(() => acknowledged.length === 3);
  expect(acknowledged).toEqual(['a', 'b', 'c']);
});

test('a message that is refused is offered again, and holds up no other', async () => {
  const { intake, offers, acknowledged, take } = startIntake();
  for (const name of ['a', 'b']) void take(name);
  offers[0]?.refuse();
  offers[1]?.store();
  await until(() => acknowledged.includes('b'));
  expect(intake.held()).toBe(1);
  await until(() => offers.length === 3);
  offers[2]?.store();
  await until(() => acknowledged.includes('a'));
  expect(intake.held()).toBe(0);
});

test('refused messages are offered again oldest first, and no further than the first that is refused again', async () => {
  const { intake, offers, take } = startIntake();
  for (const name of ['a', 'b', 'c']) void take(name);
  for (const offer of offers.splice(0)) offer.refuse();
  await until(() => offers.length === 1);
  expect(offers[0]?.name).toBe('a');
  offers.shift()?.refuse();
  await until(() => offers.length === 1);
  for (const name of ['a', 'b', 'c']) {
    await until(() => offers.length === 1);
    expect(offers[0]?.name).toBe(name);
    offers.shift()?.store();
  }
  await until(() => intake.held() === 0);
});

test('there is room for so many bytes and no more, and again as soon as some are stored', async () => {
  const { offers, take } = startIntake();
  const order: string[] = [];
  const half = upstreamLimits.unacknowledgedBytes / 2;
  await take('a'.repeat(half));
  void take('b'.repeat(half)).then(() => order.push('room'));
  await new Promise(setImmediate);
  order.push('stored');
  offers[1]?.store();
  await until(() => order.length === 2);
  expect(order).toEqual(['stored', 'room']);
});

test('after the end nothing is acknowledged, and nobody waits for room', async () => {
  const { offers, acknowledged, take, end } = startIntake();
  const rooms = ['a', 'b', 'c'].map((name) => take(name.repeat(upstreamLimits.unacknowledgedBytes)));
  end();
  await Promise.all(rooms);
  for (const offer of offers) offer.store();
  await new Promise(setImmediate);
  expect(acknowledged).toEqual([]);
});
