import { createHash, timingSafeEqual } from 'node:crypto';
import { newId } from '../../agent/protocol/id.ts';
import { accessDenied, conflict } from '../errors.ts';
import { headendLimits } from '../limits.ts';
import type { Box, BoxSettings, BoxType } from '../store/boxes.ts';
import type { DrmAccount } from '../store/drm-accounts.ts';
import type { Store } from '../store/store.ts';

/** The types that a device may say it has, and what the store calls each. */
export const appTypes: Record<string, BoxType> = {
  IOS: 'IOS',
  APPLETV: 'IOS',
  ANDROID: 'ANDROID',
  ANDROIDTV: 'ANDROID',
  WEB: 'WEB',
};

/** A device that signs in. */
export type Newcomer = { deviceId: string; type: string; model: string; name: string | null };

/**
 * Signs a device in for a customer, with the licence of an account where there is one: makes it, or finds it by the id that it made for itself,
 * and gives it a new token. Throws 409 `deviceId` when it is another customer's, 403 when it is disabled, 409 `license` when the account has no more. Within a transaction.
 */
export function signIn(
  store: Store,
  device: Newcomer,
  to: { customer: string; account: string | null },
): { box: Box; token: string } {
  const known = store.appDevices.byDeviceId(device.deviceId);
  const before = known && store.boxes.get(known.box);
  if (before !== undefined && before.customer !== to.customer) {
    throw conflict('deviceId', 'The device is registered with another customer');
  }
  if (before !== undefined && !before.enabled) throw accessDenied();
  if (to.account !== null && known?.account !== to.account) requireLicence(store, to.customer, to.account);
  const box = before ?? store.boxes.create(newId(), settingsOf(device, to.customer));
  const isBound = to.account !== null && known?.account === to.account;
  store.appDevices.change(box.id, {
    deviceId: device.deviceId,
    appType: device.type,
    model: device.model,
    account: to.account,
    accountSince: to.account === null ? null : isBound ? (known?.accountSince ?? Date.now()) : Date.now(),
    loggedInAt: Date.now(),
  });
  store.tokens.revoke({ kind: 'box', id: box.id });
  return { box, token: store.tokens.issue({ kind: 'box', id: box.id }) };
}

/** Telecom X DRM create: an account permits 4 devices of a private customer, 5 of a business customer. */
function requireLicence(store: Store, customer: string, account: string): void {
  const isBusiness = store.customers.get(customer)?.features.includes('IPTVBUSINESS') ?? false;
  const most = isBusiness ? headendLimits.drmDevices.business : headendLimits.drmDevices.private;
  if (store.drmAccounts.devices(account).length >= most) {
    throw conflict('license', `All ${most} licenses of the account are in use: un-register a device`);
  }
}

/** The account of a user name and a password; undefined when either is wrong. */
export function accountOf(store: Store, username: string, password: string): DrmAccount | undefined {
  const account = store.drmAccounts.get(username);
  if (account === undefined) return undefined;
  return timingSafeEqual(digest(account.password), digest(password)) ? account : undefined;
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/** What a new device of a customer begins with. */
export function settingsOf(
  { type, model, name }: Omit<Newcomer, 'deviceId'>,
  customer: string,
  mac: string | null = null,
): BoxSettings {
  return {
    customer,
    mac,
    type: type === 'STB' ? 'STB' : (appTypes[type] ?? 'WEB'),
    name: name ?? model,
    enabled: true,
    streamOnly: false,
    notes: '',
    customFields: {},
    favorites: [],
    listMode: 'NUMBER',
  };
}
