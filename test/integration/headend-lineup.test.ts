/** What the line-up of a box holds, depending on its packages, its customer and `streamOnly`. */

import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Lineup, lineupSchema } from '../../agent/protocol/lineup.ts';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';

let head: TestHeadend;
let packaged: DemoBox;
let unpackaged: DemoBox;

beforeAll(async () => {
  head = await openTestHeadend({ demo_boxes: 4 });
  packaged = head.demo.boxes[0] as DemoBox;
  unpackaged = head.demo.boxes[3] as DemoBox;
});
afterAll(() => head.close());

async function lineup(box: DemoBox): Promise<Lineup> {
  return v.parse(lineupSchema, (await head.call(box.token, '/stb/v1/lineup')).body);
}
const channel = async (box: DemoBox, number: number) =>
  (await lineup(box)).channels.find((one) => one.number === number);
const update = (box: DemoBox, body: object) =>
  head.call(head.demo.users.admin.token, `/iptv/device/${box.id}`, { body });

describe('a box with a package', () => {
  it('has the channels of the package, received as the package says, and the radio', async () => {
    const { channels, radio } = await lineup(packaged);
    expect(channels.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(radio.map(({ number }) => number)).toEqual([101, 102, 103]);
    expect(await channel(packaged, 5)).toMatchObject({
      reception: 'BASE',
      url: expect.any(String),
      dvb: expect.any(Object),
    });
    expect(await channel(packaged, 6)).toMatchObject({
      reception: 'DVB',
      url: expect.any(String),
      dvb: { prog: 1040 },
    });
    expect(await channel(packaged, 12)).toMatchObject({ reception: 'LOCAL', locals: ['http://10.0.0.12/camera.ts'] });
  });

  it('reaches a channel that is only broadcast by the tuner alone', async () => {
    const found = await channel(packaged, 8);
    expect(found).toMatchObject({ reception: 'DVB' });
    expect(found).not.toHaveProperty('url');
  });

  it('with streamOnly gets base streams only, and no channel that has none', async () => {
    await update(packaged, { streamOnly: true });
    const { channels } = await lineup(packaged);
    expect(channels.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 12]);
    for (const one of channels) {
      expect(one.reception).toBe('BASE');
      expect(Object.keys(one)).not.toContain('dvb');
      expect(Object.keys(one)).not.toContain('locals');
    }
    await update(packaged, { streamOnly: false });
  });
});

describe('a box without a package', () => {
  it("has everybody's channels and its customer's own, as a base stream where there is one", async () => {
    const { channels } = await lineup(unpackaged);
    expect(channels.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
    expect(await channel(unpackaged, 6)).toMatchObject({ reception: 'BASE' });
    expect(await channel(unpackaged, 9)).toMatchObject({ reception: 'DVB' });
    expect(await channel(unpackaged, 11)).toMatchObject({ reception: 'LOCAL' });
  });

  it('gets a new channel of its customer, and its package when it is given one', async () => {
    const { admin } = head.demo.users;
    const body = {
      number: 50,
      name: 'New',
      baseChannel: 'http://stream.example/new',
      customer: head.demo.customers.private,
    };
    await head.call(admin.token, '/iptv/channel', { body });
    expect(await channel(unpackaged, 50)).toMatchObject({ name: 'New', reception: 'BASE' });
    expect(await channel(packaged, 50)).toBeUndefined();
    await update(unpackaged, { packages: [head.demo.package] });
    expect(await channel(unpackaged, 50)).toBeUndefined();
    expect(await channel(unpackaged, 6)).toMatchObject({ reception: 'DVB' });
  });
});
