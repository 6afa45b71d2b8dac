import { ApiError } from '../errors.ts';
import { createGuesses } from '../fleet/guesses.ts';
import type { Box } from '../store/boxes.ts';
import type { PortalBox } from '../store/portal-boxes.ts';
import { ministraLimits } from './limits.ts';
import type { Ministra } from './ministra.ts';
import { isPassword } from './passwords.ts';

/** What a box says of itself when it asks for its profile. */
export type Claims = Pick<PortalBox, 'serial' | 'deviceId' | 'deviceId2' | 'version' | 'ip'> & {
  mac: string | undefined;
  token: string | undefined;
  model: string;
  firmware: string;
};

/** What a box that is not let in is answered. */
export type Refusal = Record<string, unknown> & { status: 1 | 2 };

export type Admission = {
  /** Lets a box in, which may make it known, and takes its token: from now on no other passes. */
  admit(claims: Claims): Promise<{ box: Box } | { refusal: Refusal }>;
  /** Gives the account with this login to the box with the MAC. False where login and password do not fit, or the MAC is another account's. */
  logIn(mac: string, login: string, password: string, address: string): Promise<boolean>;
};

const unregistered = 'Please contact your provider<br>to register this device!';
const conflict = 'This device is not the one<br>that is registered under its MAC address.';

/** Who may come by the portal's protocol, in which a MAC is all the name that a box has. */
export function createAdmission(ministra: Ministra): Admission {
  const { fleet, settings, log } = ministra;
  const { store } = fleet;
  const guesses = createGuesses();
  const registrations = { since: 0, count: 0 };

  /** The box with a MAC, which is made where boxes may make themselves known. */
  function known(mac: string): Box | Refusal {
    const found = store.boxes.find(mac);
    if (found !== undefined && found.type !== 'STB') return { status: 1 };
    const hasLogin = found !== undefined && store.accounts.of(found.id).login !== null;
    if (settings.login_required && !hasLogin) return { status: 2, template: 'default', info: '' };
    if (found !== undefined) return found;
    if (!settings.register_unknown || !mayRegister()) return { status: 1, block_msg: unregistered };
    const box = ministra.createBox(mac, mac);
    store.portalBoxes.put({ ...blank, box: box.id, selfRegistered: true });
    log.info({ box: box.id, mac }, 'a box has made itself known');
    return box;
  }

  /** Whether one more box may make itself known in this minute. */
  function mayRegister(): boolean {
    const now = performance.now();
    if (registrations.count === 0 || now - registrations.since > 60_000) {
      registrations.since = now;
      registrations.count = 0;
    }
    registrations.count += 1;
    if (registrations.count === ministraLimits.registrationsPerMinute) {
      log.warn(
        { boxes: registrations.count },
        'so many boxes have made themselves known that the next have to wait a minute',
      );
    }
    return registrations.count <= ministraLimits.registrationsPerMinute;
  }

  /** Ids of the hardware are kept from the first time they are said; after that a box without them is another one. */
  function conflictOf(box: Box, { deviceId, deviceId2 }: Claims): Refusal | undefined {
    const kept = store.portalBoxes.get(box.id);
    const differs = (before = '', now = '') => before !== '' && before !== now;
    if (differs(kept?.deviceId, deviceId) || differs(kept?.deviceId2, deviceId2)) {
      return { status: 1, msg: 'device conflict - device_id mismatch', block_msg: conflict };
    }
    const isElsewhere = deviceId2 !== '' && store.portalBoxes.withDeviceId2(deviceId2).some((id) => id !== box.id);
    return isElsewhere ? { status: 1, msg: 'device conflict - MAC address mismatch', block_msg: conflict } : undefined;
  }

  function take(box: Box, claims: Claims): void {
    const { serial, deviceId, deviceId2, version, ip, model, firmware } = claims;
    const kept = store.portalBoxes.get(box.id) ?? { ...blank, box: box.id };
    store.portalBoxes.put({
      ...kept,
      serial: serial || kept.serial,
      deviceId: deviceId || kept.deviceId,
      deviceId2: deviceId2 || kept.deviceId2,
      version,
      ip,
    });
    store.portalBoxes.keepToken(box.id, claims.token);
    // A box that speaks the box protocol, too, says these there.
    if (box.hello === null) store.boxes.described(box.id, model, firmware);
    store.boxes.seen(box.id, 'ministra', Date.now());
  }

  return {
    admit: (claims) =>
      store.commit(() => {
        const { mac } = claims;
        if (mac === undefined || !mac.startsWith(settings.mac_prefix.toUpperCase())) return { refusal: { status: 1 } };
        const box = known(mac);
        if ('status' in box) return { refusal: box };
        const refusal = conflictOf(box, claims);
        if (refusal !== undefined) {
          log.warn({ box: box.id, mac, msg: refusal.msg }, 'another device has come with the MAC of a box');
          return { refusal };
        }
        take(box, claims);
        return { box: store.boxes.get(box.id) ?? box };
      }),

    async logIn(mac, login, password, address) {
      // By address and login, so that behind one address nobody keeps the others out.
      const caller = `${address} ${login.trim().slice(0, 64)}`;
      try {
        guesses.check(caller, 'login');
      } catch (error) {
        if (error instanceof ApiError) return false;
        throw error;
      }
      const owner = store.accounts.boxOfLogin(login.trim());
      const account = owner === undefined ? undefined : store.accounts.of(owner);
      if (!(await isPassword(password, account?.password ?? null)) || owner === undefined) {
        guesses.wrong(caller);
        return false;
      }
      guesses.right(caller);
      return store.commit(() => bind(owner, mac));
    },
  };

  /** Gives an account's box the MAC. One that had made itself known under it and has nothing of its own goes. */
  function bind(owner: string, mac: string): boolean {
    const box = store.boxes.get(owner);
    const holder = store.boxes.find(mac);
    if (box === undefined) return false;
    if (holder?.id === owner) return true;
    if (holder !== undefined) {
      const isItsOwn = store.portalBoxes.get(holder.id)?.selfRegistered && store.accounts.of(holder.id).login === null;
      if (!isItsOwn) return false;
      fleet.rollouts.leave(holder.id);
      store.boxes.remove(holder.id);
    }
    store.boxes.update(owner, { ...box, mac });
    store.portalBoxes.forget(owner);
    return true;
  }
}

const blank: Omit<PortalBox, 'box'> = {
  selfRegistered: false,
  serial: '',
  deviceId: '',
  deviceId2: '',
  version: '',
  ip: '',
  lastActive: null,
};
