import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Telemetry } from '../../agent/protocol/messages.ts';
import type { BoxSettings } from '../../headend/store/boxes.ts';
import { openStore, type Store } from '../../headend/store/store.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** So many reports are kept as they came. */
const kept = 100;
const minute = 60_000;
/** The beginning of an hour. */
const start = Date.UTC(2026, 0, 5, 12);
const week = 7 * 24 * 60 * minute;

let store: Store;
let box: string;
beforeEach(() => {
  store = openStore(join(temporaryDirectory(), 'headend.db'), {
    actionDays: 1,
    actionCount: 1,
    telemetryDays: 14,
    telemetryCount: kept,
  });
  const customer = store.customers.create({ name: 'Hotel', features: [], parent: null }).id;
  const settings: BoxSettings = {
    ...{ customer, mac: null, type: 'STB', name: 'Room 1', enabled: true, streamOnly: false, notes: '' },
    ...{ customFields: {}, favorites: [], listMode: 'NUMBER' },
  };
  box = store.boxes.create('a-box', settings).id;
});
afterEach(() => store.close());

const say = (at: number, figures: Partial<Telemetry>) =>
  store.telemetry.add(box, { v: 1, kind: 'telemetry', at: new Date(at).toISOString(), ...figures }, at);
const parts = (from: number, to: number, count: number) => store.telemetry.parts(box, { from, to }, count);

describe('the parts of a span', () => {
  test('have the least, the sum and the most of each figure that was said in them, oldest first', () => {
    say(start + 50 * minute, { cpuPercent: 90 });
    say(start, { cpuPercent: 10, temperature: 60 });
    say(start + minute, { cpuPercent: 30 });
    expect(parts(start, start + 60 * minute, 6)).toEqual([
      { reports: 2, last: start + minute, figures: { cpuPercent: [2, 40, 10, 30], temperature: [1, 60, 60, 60] } },
      { reports: 1, last: start + 50 * minute, figures: { cpuPercent: [1, 90, 90, 90] } },
    ]);
  });

  test('are no more than asked for, and take in neither end of another span', () => {
    store.transaction(() => {
      for (let at = start; at < start + 90 * minute; at += minute) say(at, { volume: 1 });
    });
    expect(parts(start, start + 90 * minute, 7)).toHaveLength(7);
    expect(parts(start + minute, start + 2 * minute, 7)).toMatchObject([{ reports: 1, last: start + minute }]);
    expect(parts(start + 90 * minute, start + week, 7)).toEqual([]);
  });
});

describe('a week of which only the last reports are kept', () => {
  const end = start + week;
  beforeEach(async () => {
    store.transaction(() => {
      for (let at = start; at < end; at += 10 * minute) say(at, { cpuPercent: ((at - start) / minute) % 60 });
    });
    await store.retain(end);
  });

  test('is there by the hour, with nothing lost and nothing counted twice', async () => {
    const total = week / (10 * minute);
    expect(store.telemetry.list(box, {}, { offset: 0, limit: 1 }).total).toBe(kept);
    const all = parts(start, end, 2_000);
    expect(all.reduce((sum, { reports }) => sum + reports, 0)).toBe(total);
    expect(all[0]).toEqual({
      reports: 6,
      last: start + 50 * minute,
      figures: { cpuPercent: [6, 150, 0, 50] },
    });
    await store.retain(end);
    expect(parts(start, end, 1)).toEqual([
      { reports: total, last: end - 10 * minute, figures: { cpuPercent: [total, 25 * total, 0, 50] } },
    ]);
  });

  test('is gone when its days are over', async () => {
    await store.retain(end + 14 * 24 * 60 * minute);
    expect(parts(start, end, 100)).toEqual([]);
  });
});
