import { randomBytes } from 'node:crypto';
import type { Store } from '../store/store.ts';

/** How operators sign in at the demonstration's Ministra API. */
export type MinistraDemo = { login: string; password: string };

/** Packages of channels that can be bought beside the main one, by the numbers of their channels. */
const packages = [
  { name: 'News', channels: [3, 9] },
  { name: 'Sport', channels: [4] },
  { name: 'Cinema', channels: [7, 12] },
];

const video = {
  externalId: 'all_video',
  name: 'All films',
  type: 'video' as const,
  description: 'The whole film library',
  allServices: true,
  serviceType: 'periodic' as const,
  rentDuration: 0,
  price: '5.00',
  services: [],
};

/** Makes what Ministra's operators know and nobody else: tariff plans with services, and the reseller as such. Within a transaction, once. */
export function makeMinistraDemo(
  store: Store,
  demo: { customers: { reseller: string }; channels: readonly { id: string; number: number }[] },
): MinistraDemo {
  for (const { name, channels } of packages) {
    const ids = demo.channels.filter(({ number }) => channels.includes(number)).map(({ id }) => id);
    store.packages.create({
      name,
      customer: null,
      main: false,
      channels: ids.flatMap((id) => {
        const channel = store.channels.get(id);
        return channel === undefined ? [] : [{ id, type: channel.baseChannel === null ? 'DVB' : 'BASE' }];
      }),
    });
  }
  const films = store.services.create(video);
  const optional = store.services.all().filter(({ name }) => packages.some((one) => one.name === name));
  const plan = (externalId: string, name: string, services: number[]) =>
    store.tariffs.create(
      { externalId, name, userDefault: false, daysToExpires: 0 },
      services.map((number) => ({ number, optional: true })),
    );
  const numbers = optional.map(({ number }) => number);
  plan('FULL', 'Everything can be added', [...numbers, films]);
  plan('STANDART', 'Packages can be added', numbers);
  store.resellers.create({ customer: demo.customers.reseller, maxUsers: 0, useIpRanges: false }, Date.now());
  return { login: 'stalker', password: randomBytes(12).toString('base64url') };
}

/** The account of the n-th box: number 1001 for the first, which is its login, too. No password, so nobody can log in with it. */
export function makeDemoAccount(store: Store, box: { id: string; name: string }, n: number): void {
  const number = String(1000 + n);
  store.accounts.put({ ...store.accounts.of(box.id), accountNumber: number, login: number, fullName: box.name });
}
