import type { Logger } from 'pino';
import { newId } from '../../agent/protocol/id.ts';
import type { HeadendConfig } from '../config.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { headendLimits } from '../limits.ts';
import type { Box, BoxSettings } from '../store/boxes.ts';

/** What is configured under `[ministra]`, with the time zone decided. */
export type MinistraSettings = Omit<HeadendConfig['ministra'], 'timezone' | 'customer'> & {
  timezone: string;
  customer: string | undefined;
};

/** The fleet as Ministra's operators and boxes see it. */
export type Ministra = {
  fleet: Fleet;
  settings: MinistraSettings;
  log: Logger;
  /** Makes a set-top box that nobody gave to a customer. Within a transaction; the MAC has to be free. */
  createBox(mac: string | null, name: string): Box;
};

/** The customer of boxes without one, where none is configured. Its id is fixed, so that it is found again under whatever name. */
const ownCustomer = {
  id: '000000000000000000000001',
  name: 'Ministra',
  features: ['IPTVBUSINESS', 'IPTVPRIVATE'] as const,
};

export function createMinistra(parts: { fleet: Fleet; settings: MinistraSettings; log: Logger }): Ministra {
  const { store } = parts.fleet;

  function customer(): string {
    const { customer: configured } = parts.settings;
    if (configured !== undefined && store.customers.get(configured) !== undefined) return configured;
    store.customers.ensure({ ...ownCustomer, features: [...ownCustomer.features], parent: null });
    return ownCustomer.id;
  }

  return {
    ...parts,
    createBox(mac, name) {
      const short = name.slice(0, headendLimits.nameLength);
      return store.boxes.create(newId(), { ...blank, customer: customer(), mac, name: short });
    },
  };
}

const blank: Omit<BoxSettings, 'customer' | 'mac' | 'name'> = {
  type: 'STB',
  enabled: true,
  streamOnly: false,
  notes: '',
  customFields: {},
  favorites: [],
  listMode: 'NUMBER',
};
