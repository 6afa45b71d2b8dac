/** The promises of `agent/upstream.ts`, kept by every upstream against a real peer. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { limits } from '../../agent/protocol/limits.ts';
import { until } from '../support/until.ts';
import { action, createUpstreamBox, report, type UpstreamBox } from '../support/upstream-box.ts';
import { box as identity, type UpstreamPeer, upstreamPeers } from '../support/upstream-peers.ts';

describe.each(Object.entries(upstreamPeers))('%s', (_name, createPeer) => {
  let peer: UpstreamPeer;
  const boxes: UpstreamBox[] = [];

  beforeEach(async () => {
    peer = await createPeer();
  });
  afterEach(async () => {
    for (const box of boxes.splice(0)) await box.upstream.stop();
    await peer.close();
  });

  function startBox(): UpstreamBox {
    const box = createUpstreamBox(peer.createUpstream, identity);
    boxes.push(box);
    return box;
  }

  async function startConnectedBox(): Promise<UpstreamBox> {
    const box = startBox();
    await until(() => box.connects === 1, 'the connection');
    return box;
  }

  const idsReceived = (box: UpstreamBox) => box.received.map((text) => (JSON.parse(text) as { id: string }).id);

  test('says when it is connected, to what, and what was agreed', async () => {
    const box = startBox();
    expect(box.upstream.status()).toMatchObject({
      state: 'connecting',
      url: expect.stringContaining(`${peer.proxy.port}`),
    });
    await until(() => box.connects === 1);
    expect(box.upstream.status()).toMatchObject({ state: 'connected', detail: expect.any(String) });
  });

  test('carries hello and reports to the headend', async () => {
    const { upstream } = await startConnectedBox();
    const { id, mac } = identity;
    await upstream.send({ v: 1, kind: 'hello', box: id, mac, agent: '1', bootId: 'b', types: [], capabilities: [] });
    await upstream.send(report('a1', 'done'));
    await until(() => peer.sent().length === 2);
    expect(peer.sent()).toMatchObject([
      { kind: 'hello', box: identity.id },
      { kind: 'report', id: 'a1', state: 'done' },
    ]);
  });

  test('delivers an action as it was sent, and the headend sees it acknowledged', async () => {
    const box = await startConnectedBox();
    peer.deliver(action('a1'));
    await until(() => peer.acknowledged().includes('a1'));
    expect(box.received.map((text) => JSON.parse(text))).toEqual([action('a1')]);
  });

  test('delivers many actions in the order in which they were sent', async () => {
    const box = await startConnectedBox();
    const ids = Array.from({ length: 300 }, (_, index) => `a${index}`);
    for (const id of ids) peer.deliver(action(id));
    await until(() => peer.acknowledged().length === ids.length);
    expect([...new Set(idsReceived(box))]).toEqual(ids);
  });

  test('acknowledges an action only after it was stored', async () => {
    const box = await startConnectedBox();
    const stored = Promise.withResolvers<void>();
    box.store = (text) => (text.includes('"a1"') ? stored.promise : undefined);
    peer.deliver(action('a1'));
    await until(() => box.received.length > 0);
    // Something else makes the whole way there and back meanwhile.
    await box.upstream.send(report('other', 'done'));
    await until(() => peer.sent().some(({ id }) => id === 'other'));
    expect(peer.acknowledged()).not.toContain('a1');
    stored.resolve();
    await until(() => peer.acknowledged().includes('a1'));
  });

  test('an action that could not be stored comes again, and holds up no other', async () => {
    const box = await startConnectedBox();
    let refusals = 1;
    box.store = (text) => {
      if (text.includes('"a1"') && refusals-- > 0) throw new Error('the disk is full');
    };
    peer.deliver(action('a1'));
    peer.deliver(action('a2'));
    await until(() => peer.acknowledged().includes('a2'));
    await until(() => peer.acknowledged().includes('a1'));
    expect(idsReceived(box).filter((id) => id === 'a1').length).toBeGreaterThan(1);
  });

  test('a box that can store nothing stays connected and reports, and takes everything once it can', async () => {
    const box = await startConnectedBox();
    let isFull = true;
    box.store = () => {
      if (isFull) throw new Error('the disk is full');
    };
    const ids = Array.from({ length: 200 }, (_, index) => `a${index}`);
    for (const id of ids) peer.deliver(action(id));
    await until(() => new Set(box.received).size >= 50);
    await box.upstream.send(report('other', 'done'));
    expect(ids.filter((id) => peer.acknowledged().includes(id))).toEqual([]);
    expect(box.losses).toEqual([]);
    isFull = false;
    await until(() => ids.every((id) => peer.acknowledged().includes(id)), 'all actions');
  });

  test('connects again after the headend went away, and gets what was sent meanwhile', async () => {
    const box = await startConnectedBox();
    await peer.proxy.down();
    await until(() => box.losses.length === 1);
    await until(() => box.upstream.status().state === 'waiting');
    expect(box.upstream.status().lastError).toBeTruthy();
    await expect(box.upstream.send(report('a1', 'done'))).rejects.toThrow(/no connection/);
    peer.deliver(action('a2'));
    await peer.proxy.up();
    await until(() => box.connects === 2);
    await until(() => peer.acknowledged().includes('a2'));
    await box.upstream.send(report('a3', 'done'));
    await until(() => peer.sent().some(({ id }) => id === 'a3'));
  });

  test('notices a link on which nothing passes any more, and gets what was sent into it', async () => {
    const box = await startConnectedBox();
    peer.proxy.freeze();
    peer.deliver(action('a1'));
    await until(() => box.losses.length === 1, 'the half-open link to be noticed');
    await until(() => peer.acknowledged().includes('a1'));
  });

  test('an action sent while the box was off arrives when it is back', async () => {
    const before = await startConnectedBox();
    await before.upstream.stop();
    peer.deliver(action('a1'));
    const after = await startConnectedBox();
    await until(() => peer.acknowledged().includes('a1'));
    expect(idsReceived(after)).toContain('a1');
    expect(before.received).toEqual([]);
  });

  test('hostile bytes neither stop it nor cost another message', async () => {
    const box = await startConnectedBox();
    const hostile = ['', 'not JSON', 'null', '7', '[[]]', '{"v":2,"kind":"action"}', '{"__proto__":{"v":1}}'];
    const deep = `{"v":1,"kind":"action","id":"d","params":${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    const large = `{"v":1,"kind":"action","id":"l","type":"${'x'.repeat(limits.messageBytes)}"}`;
    for (const text of [...hostile, deep, large]) peer.deliverRaw(Buffer.from(text));
    peer.deliverRaw(Buffer.from([0xff, 0xfe, 0xc0, 0x80]));
    peer.deliver(action('a1'));
    await until(() => peer.acknowledged().includes('a1'));
    expect(box.received).toEqual(expect.arrayContaining(['null', '7', '[[]]', large]));
  });

  test('refuses to send before there is a connection and after the end of it', async () => {
    await peer.proxy.down();
    const box = startBox();
    await expect(box.upstream.send(report('a1', 'done'))).rejects.toMatchObject({ code: 'HEADEND_FAILED' });
    await peer.proxy.up();
    await until(() => box.connects === 1);
    await box.upstream.stop();
    await expect(box.upstream.send(report('a1', 'done'))).rejects.toThrow(/no connection/);
  });

  test('a report that is under way when the link breaks is settled', async () => {
    const box = await startConnectedBox();
    const sends = Array.from({ length: 50 }, (_, index) => box.upstream.send(report(`a${index}`, 'done')));
    const settled = Promise.allSettled(sends);
    await peer.proxy.down();
    expect(await settled).toHaveLength(50);
  });

  test('stops at any time, more than once, and leaves no connection', async () => {
    const box = await startConnectedBox();
    await Promise.all([box.upstream.stop(), box.upstream.stop()]);
    expect(box.upstream.status().state).toBe('stopped');
    await until(() => peer.proxy.connections() === 0);

    const connecting = startBox();
    await connecting.upstream.stop();
    await peer.proxy.down();
    const waiting = startBox();
    await until(() => waiting.upstream.status().state === 'waiting');
    await waiting.upstream.stop();
    expect([connecting, waiting].map(({ upstream }) => upstream.status().state)).toEqual(['stopped', 'stopped']);
    expect(box.connects + connecting.connects + waiting.connects).toBe(1);
  });
});
