import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { newId } from '../../../agent/protocol/id.ts';
import { matcher } from '../../../headend/console/src/fleet/filter.ts';
import { openStore, type Store } from '../../../headend/store/store.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const retention = { actionDays: 1, actionCount: 10, telemetryDays: 1, telemetryCount: 10 };
const store: Store = openStore(join(temporaryDirectory(afterAll), 'headend.db'), retention);
const { id: customer } = store.customers.create({ name: 'C', features: [], parent: null });
afterAll(() => store.close());

const settings = {
  ...({ customer, mac: null, type: 'STB', enabled: true, streamOnly: false, listMode: 'NUMBER' } as const),
  ...{ notes: '', customFields: {}, favorites: [] },
};
const box = (change: object) => store.boxes.create(newId(), { ...settings, name: '', ...change });
const every = { offset: 0, limit: 1_000 };

/** The boxes that a search finds in the console, and those that the headend means by it. */
function found(q: string): { shown: string[]; meant: string[] } {
  const rows = store.fleetRows.next([customer], 0, 1_000)?.rows ?? [];
  const shown = rows.map((row) => ({ ...row, online: false })).filter(matcher({ q }));
  const meant = store.boxes.list({ scope: [customer], types: ['STB'], text: q }, every).items;
  return { shown: shown.map(({ id }) => id), meant: meant.map(({ id }) => id) };
}

/** Letters whose capitals are odd, and marks that combine with them. */
const odd = [...'aAzäÄöéÉßẞsSıIiİσςΣΆάЖжǅǆﬁŉ', 'ss', 'SS', '\u0301', '\u0307', '\u0308', '\u0345', '😀', 'ﷺ'];
const more = [...' {}":%_\\-.0'];
const text = fc.array(fc.constantFrom(...odd, ...more), { maxLength: 6 }).map((parts) => parts.join(''));

test('a search finds the same boxes in the console as at the headend, whatever the names and the search are', () => {
  fc.assert(
    fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), text, text, text, (names, notes, value, q) => {
      for (const name of names) box({ name });
      box({ notes, customFields: { [value]: notes } });
      box({ notes: value });
      const { shown, meant } = found(q);
      expect(shown).toEqual(meant);
      for (const { id } of store.boxes.list({ scope: [customer] }, every).items) store.boxes.remove(id);
    }),
    { numRuns: 200 },
  );
});

test.each([
  ['Ärzte', 'ärzte'],
  ['Cafe\u0301', 'CAFÉ'],
  ['Weiß', 'WEISS'],
  ['Strasse', 'straße'],
  ['ΟΔΟΣ', 'οδος'],
  ['Οδός', 'ΟΔΌΣ'],
  ['İstanbul', 'istanbul'],
  ['Zoë', 'zoe'],
  ['Жуков', 'жУКОВ'],
])('a box called %s is found by %s', (name, q) => {
  const { id } = box({ name });
  expect(found(q)).toEqual({ shown: [id], meant: [id] });
  store.boxes.remove(id);
});
