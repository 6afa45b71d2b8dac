import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { newId } from '../../agent/protocol/id.ts';
import type { Role } from '../roles.ts';
import type { BoxSettings } from '../store/boxes.ts';
import type { Store } from '../store/store.ts';
import { demoChannels } from './channels.ts';
import { type MinistraDemo, makeDemoAccount, makeMinistraDemo } from './ministra.ts';

export type DemoUser = { id: string; name: string; role: Role; customer: string | null; token: string };
export type DemoBox = { id: string; mac: string; name: string; customer: string; token: string };

/** The demonstration's ids and tokens, as `demo.json` in the data directory keeps them. */
export type Demo = {
  customers: { reseller: string; business: string; private: string };
  users: Record<'viewer' | 'manager' | 'owner' | 'privateOwner' | 'reseller' | 'admin', DemoUser>;
  groups: { business: string; private: string };
  package: string;
  channels: { id: string; number: number; name: string; radio: boolean; only: 'private' | null }[];
  boxes: DemoBox[];
  /** A device that is no set-top box, and that actions pass by. */
  android: { id: string; name: string };
  /** How operators sign in at Ministra's API. */
  ministra: MinistraDemo;
};

/** Boxes that are in the business customer, and in its group, however many there are. */
const firstInBusiness = 3;

/**
 * Makes the demonstration at the first start, and more boxes when `boxes` has grown. The tokens are kept in a file of the owner's
 * alone (mode 0600), so that a restart can print them again. It is written before the store commits: a file without its store is noticed
 * and replaced, a store without its file would have lost the tokens.
 */
export function prepareDemo(options: {
  store: Store;
  dataDir: string;
  boxes: number;
  adminToken: string | undefined;
}): Demo {
  const { store } = options;
  const file = join(options.dataDir, 'demo.json');
  return store.transaction(() => {
    const kept = readDemo(file);
    const known = kept !== undefined && store.users.get(kept.users.admin.id) !== undefined;
    const demo = known ? withMinistra(store, kept) : makeDemo(store, options.adminToken);
    const isWhole = demo === kept && demo.boxes.length >= options.boxes;
    while (demo.boxes.length < options.boxes) demo.boxes.push(makeBox(store, demo, demo.boxes.length + 1));
    if (!isWhole) {
      writeFileSync(`${file}.new`, `${JSON.stringify(demo, null, 2)}\n`, { mode: 0o600 });
      renameSync(`${file}.new`, file);
    }
    return demo;
  });
}

function makeDemo(store: Store, adminToken: string | undefined): Demo {
  const reseller = store.customers.create({
    name: 'Nordlys Reseller',
    features: ['IPTVBUSINESS', 'IPTVPRIVATE'],
    parent: null,
  }).id;
  const business = store.customers.create({ name: 'Harbour Hotel', features: ['IPTVBUSINESS'], parent: reseller }).id;
  const home = store.customers.create({ name: 'Elm Street Homes', features: ['IPTVPRIVATE'], parent: reseller }).id;

  const user = (name: string, role: Role, customer: string): DemoUser => {
    const { id } = store.users.create({ name, role, customer });
    return { id, name, role, customer, token: store.tokens.issue({ kind: 'user', id }) };
  };
  const admin = store.users.first('ADMIN');
  if (admin === undefined) throw new Error('the administrator is made before the demonstration');

  const channels = demoChannels.map(({ reception, only, ...channel }) => ({
    ...store.channels.create({ ...channel, customer: only === 'private' ? home : null }),
    reception,
    only: only ?? null,
  }));
  const packaged = channels.filter((channel) => !channel.radio && channel.only === null);
  const basic = store.packages.create({
    name: 'Basic',
    customer: null,
    main: true,
    channels: packaged.map(({ id, reception }) => ({ id, type: reception })),
  });
  const android = newId();
  store.boxes.create(android, settings({ customer: business, type: 'ANDROID', name: 'Reception tablet', mac: null }));
  const demo: Omit<Demo, 'ministra'> = {
    customers: { reseller, business, private: home },
    users: {
      viewer: user('Vera Viewer', 'VIEWER', business),
      manager: user('Max Manager', 'MANAGER', business),
      owner: user('Olga Owner', 'OWNER', business),
      privateOwner: user('Paul Private', 'OWNER', home),
      reseller: user('Rita Reseller', 'RESELLER', reseller),
      admin: { ...admin, token: adminToken ?? store.tokens.issue({ kind: 'user', id: admin.id }) },
    },
    groups: {
      business: store.groups.create({ customer: business, name: 'Hotel rooms' }).id,
      private: store.groups.create({ customer: home, name: 'Living rooms' }).id,
    },
    package: basic.id,
    channels: channels.map(({ id, number, name, radio, only }) => ({ id, number, name, radio, only })),
    boxes: [],
    android: { id: android, name: 'Reception tablet' },
  };
  store.groups.add(demo.groups.business, android);
  return { ...demo, ministra: makeMinistraDemo(store, demo) };
}

/** A demonstration that was made by a version without Ministra gets what belongs to it. */
function withMinistra(store: Store, kept: Demo): Demo {
  if (kept.ministra !== undefined) return kept;
  const demo = { ...kept, ministra: makeMinistraDemo(store, kept) };
  for (const [index, box] of demo.boxes.entries()) makeDemoAccount(store, box, index + 1);
  return demo;
}

/** The n-th box, from 1; its MAC is of the MAG family's maker and the same in every demonstration. */
function makeBox(store: Store, demo: Demo, n: number): DemoBox {
  const isBusiness = n <= firstInBusiness || n % 2 === 1;
  const customer = isBusiness ? demo.customers.business : demo.customers.private;
  const hex = n.toString(16).toUpperCase().padStart(6, '0');
  const mac = `00:1A:79:${hex.slice(0, 2)}:${hex.slice(2, 4)}:${hex.slice(4, 6)}`;
  const name = isBusiness ? `Room ${100 + n}` : `Elm Street ${n}`;
  const { id } = store.boxes.create(newId(), settings({ customer, type: 'STB', name, mac }));
  store.groups.add(isBusiness ? demo.groups.business : demo.groups.private, id);
  if (isBusiness) store.subscriptions.put(id, { package: demo.package, start: null, end: null });
  makeDemoAccount(store, { id, name }, n);
  return { id, mac, name, customer, token: store.tokens.issue({ kind: 'box', id }) };
}

function settings(chosen: Pick<BoxSettings, 'customer' | 'type' | 'name' | 'mac'>): BoxSettings {
  return {
    ...chosen,
    enabled: true,
    streamOnly: false,
    notes: '',
    customFields: {},
    favorites: [],
    listMode: 'NUMBER',
  };
}

/** Where an older version wrote it, `ministra` is missing. */
function readDemo(file: string): Demo | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}
