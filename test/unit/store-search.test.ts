import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { openStore, type Store } from '../../headend/store/store.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** Searches of lists take capitals and accents for the same, as the search for boxes does. */

const retention = { actionDays: 1, actionCount: 1, telemetryDays: 1, telemetryCount: 1 };
const store: Store = openStore(join(temporaryDirectory(afterAll), 'headend.db'), retention);
const { id: customer } = store.customers.create({ name: 'C', features: [], parent: null });
afterAll(() => store.close());

const scope = [customer];
const all = { offset: 0, limit: 100 };
const actor = { ...({ kind: 'user', id: 'a', role: 'OWNER', customer, token: null } as const), address: '192.0.2.1' };
const call = { call: 'POST /iptv/channel', type: null };
const channel = { ...{ radio: false, baseChannel: null, locals: [], dvbOnly: false }, dvb: null, epgId: null };

/** Each makes something of this name, and counts what a search finds. */
const lists: Record<string, { make(name: string): unknown; count(q: string): number }> = {
  group: {
    make: (name) => store.groups.create({ customer, name }),
    count: (q) => store.groups.list(scope, q, all).total,
  },
  channel: {
    make: (name) => store.channels.create({ ...channel, customer, number: 1, name, catchUp: null }),
    count: (q) => store.channels.list(scope, { filter: q }, all).total,
  },
  package: {
    make: (name) => store.packages.create({ customer, name, main: false, channels: [] }),
    count: (q) => store.packages.list(scope, q, all).total,
  },
  'DRM account': {
    make: (username) => store.drmAccounts.create({ username, customer, password: 'x', createdAt: 1 }),
    count: (q) => store.drmAccounts.list(scope, q, all).total,
  },
  'audit entry': {
    make: (name) => store.audit.add({ actor: { ...actor, name: 'Ann' }, ...call, target: '', given: { name } }, 1),
    count: (q) => store.audit.list({ within: undefined, text: q }, all).total,
  },
};

describe.each(Object.entries(lists))('a %s', (_, { make, count }) => {
  test.each([
    ['Ärztehaus', 'ärztehaus'],
    ['Cafe\u0301 Zoë', 'CAFÉ ZOE'],
    ['Breite Strasse', 'straße'],
    ['Жуков', 'жУКОВ'],
    ['100% of_it\\', '% OF_IT\\'],
  ])('called %s is found by %s', (name, q) => {
    make(name);
    make(`other ${name.length} ${q.length}`);
    expect(count(q)).toBe(1);
  });

  test('is found by no name that it has not', () => {
    expect(count('Ärztehäuser')).toBe(0);
    expect(count('_')).toBe(1);
  });
});
