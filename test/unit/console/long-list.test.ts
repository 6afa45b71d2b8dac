import { expect, test } from 'vitest';
import { createLongList, type PageQuery } from '../../../headend/console/src/long-list/long-list.ts';
import { until } from '../../support/until.ts';

type Line = { seq: number; state: string };

/** A list over what a headend keeps, and what was asked of it. */
function open(length: number) {
  const kept = Array.from({ length }, (_, index): Line => ({ seq: length - index, state: 'queued' }));
  const asked: PageQuery[] = [];
  const read = async ({ limit, before = Number.POSITIVE_INFINITY }: PageQuery) => {
    asked.push({ limit, before });
    return structuredClone(kept.filter(({ seq }) => seq < before).slice(0, limit));
  };
  const list = createLongList<Line>(read);
  const shown = () => list.parts.value?.flat() ?? [];
  return { list, kept, asked, shown };
}

async function readWhole({ list }: ReturnType<typeof open>): Promise<void> {
  while (!list.isWhole.value) await list.more();
}

test('a list is read page by page to the first item, each once', async () => {
  const site = open(250);
  await readWhole(site);
  expect(site.shown()).toEqual(site.kept);
  expect(site.list.parts.value?.map((part) => part.length)).toEqual([100, 100, 50]);
});

test('what is in sight is read again when something changed, the rest when it comes in sight', async () => {
  const site = open(250);
  await readWhole(site);
  const [, middle, last] = site.list.parts.value!.map((part) => part.at(-1)!.seq);
  site.list.setInSight(middle!, true);
  for (const line of site.kept) line.state = 'done';
  site.asked.length = 0;
  site.list.changed();
  await until(() => site.shown()[150]?.state === 'done');
  expect([site.asked.length, site.shown()[249]?.state]).toEqual([1, 'queued']);
  site.list.setInSight(last!, true);
  await until(() => site.shown()[249]?.state === 'done');
  expect(site.shown().length).toBe(250);
});

test('what is new comes on top, what is gone goes, and neither moves what is older', async () => {
  const site = open(150);
  await readWhole(site);
  const [newest, oldest] = site.list.parts.value!.map((part) => part.at(-1)!.seq);
  site.list.setInSight(newest!, true);
  site.kept.unshift({ seq: 151, state: 'queued' });
  site.kept.splice(5, 1);
  site.list.changed();
  await until(() => site.shown()[0]?.seq === 151);
  expect(site.shown()).toEqual(site.kept);
  expect(site.list.parts.value!.map((part) => part.at(-1)!.seq)).toEqual([newest, oldest]);
});

test('where more is new than is read at once the list begins anew, without a gap', async () => {
  const site = open(150);
  await readWhole(site);
  site.list.setInSight(site.list.parts.value![0]!.at(-1)!.seq, true);
  site.kept.unshift(...Array.from({ length: 400 }, (_, index): Line => ({ seq: 550 - index, state: 'queued' })));
  site.list.changed();
  await until(() => site.shown()[0]?.seq === 550);
  expect(site.list.isWhole.value).toBe(false);
  await readWhole(site);
  expect(site.shown()).toEqual(site.kept);
});

test('an action that is told of is as it is now, and a newer one comes first where it may be new', async () => {
  const site = open(3);
  await readWhole(site);
  site.list.put({ seq: 2, state: 'done' }, false);
  site.list.put({ seq: 4, state: 'queued' }, false);
  expect(site.shown().map(({ seq, state }) => `${seq} ${state}`)).toEqual(['3 queued', '2 done', '1 queued']);
  site.list.put({ seq: 4, state: 'queued' }, true);
  expect(site.shown()[0]?.seq).toBe(4);
});
