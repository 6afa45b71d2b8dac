/** Lists of actions, page by page, to the very first. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';

let head: TestHeadend;
beforeAll(async () => {
  head = await openTestHeadend({ demo_boxes: 4 });
  for (let volume = 0; volume < 5; volume += 1) {
    await head.call(admin(), '/stb/v1/actions', { body: { all: true, type: 'VOLUME', params: { volume } } });
  }
});
afterAll(() => head.close());

const admin = () => head.demo.users.admin.token;

type Item = { seq: number; id: string; params: { volume: number }; total: number };
const pageOf = async (path: string, before?: number, token = admin()): Promise<Item[]> => {
  const joint = path.includes('?') ? '&' : '?';
  const cursor = before === undefined ? '' : `&before=${before}`;
  return (await head.call(token, `/stb/v1/${path}${joint}limit=2${cursor}`)).body.items;
};
/** A list from its newest item to its first, as one who scrolls reads it. */
async function whole(path: string, token = admin(), meanwhile = async () => {}): Promise<Item[]> {
  const items: Item[] = [];
  for (let page = await pageOf(path, undefined, token); page.length > 0 && items.length < 50; ) {
    items.push(...page);
    await meanwhile();
    page = await pageOf(path, page.at(-1)?.seq, token);
  }
  return items;
}

test('requests are read page by page to the very first, each once, whatever is asked meanwhile', async () => {
  let [volume, left] = [50, 2];
  const items = await whole('fleet-actions?type=VOLUME', admin(), async () => {
    if (left-- <= 0) return;
    const [box] = head.demo.boxes as [(typeof head.demo.boxes)[number]];
    await head.act(box, 'VOLUME', { volume: volume++ });
  });
  expect(items.map((item) => [item.params.volume, item.total])).toEqual([4, 3, 2, 1, 0].map((asked) => [asked, 4]));
});

test('the actions of one request are read page by page, the newest first', async () => {
  const request = (await whole('fleet-actions?type=VOLUME')).find(({ total }) => total === 4) as Item;
  const items = await whole(`actions?request=${request.id}`);
  expect(new Set(items.map(({ id }) => id)).size).toBe(4);
  expect(items.map(({ seq }) => seq)).toEqual(items.map(({ seq }) => seq).toSorted((a, b) => b - a));
  expect(items.at(-1)?.id).toBe(request.id);
  expect((await head.call(admin(), `/stb/v1/actions?request=${request.id}&limit=1`)).body.total).toBe(4);
});

test('each viewer finds of a request what is about its own boxes, under the first of them', async () => {
  const token = head.demo.users.privateOwner.token;
  const mine = await whole('fleet-actions?type=VOLUME', token);
  expect(mine.map((item) => [item.params.volume, item.total])).toEqual([4, 3, 2, 1, 0].map((asked) => [asked, 1]));
  for (const { id, total } of mine) {
    const one = (await head.call(token, `/stb/v1/fleet-actions/${id}`)).body;
    expect([one.id, one.total, one.actions.length]).toEqual([id, total, total]);
  }
});

test('a cursor that is no number is 422', async () => {
  for (const list of ['actions', 'fleet-actions']) {
    expect((await head.call(admin(), `/stb/v1/${list}?before=x`)).status).toBe(422);
  }
});
