import { newId } from '../../agent/protocol/id.ts';
import { conflict } from '../errors.ts';
import type { Box } from '../store/boxes.ts';
import type { Fleet } from './fleet.ts';
import type { Reservation } from './reservations.ts';
import { settingsOf, signIn } from './sign-in.ts';

/** To whom a device is paired, and what it is called there. */
export type Pairing = { customer: string; account: string | null; name?: string | undefined };

/**
 * Makes the device that shows a code a device of a customer, and lets it have its token when it asks next. A box that the customer has already,
 * by its MAC, stays the one it was and gets a new token. Throws 409 when the MAC or the device is another customer's.
 */
export function pair(fleet: Fleet, reservation: Reservation, to: Pairing): { box: Box; isKnown: boolean } {
  const { store } = fleet;
  const { applicant } = reservation;
  const isBox = applicant.type === 'STB';
  const paired = store.transaction(() => {
    if (isBox) return pairBox(fleet, reservation, to);
    const isKnown = store.appDevices.byDeviceId(applicant.deviceId) !== undefined;
    return { ...signIn(store, { ...applicant, name: to.name ?? applicant.name }, to), isKnown };
  });
  reservation.token = paired.token;
  reservation.box = paired.box.id;
  if (isBox) fleet.presence.disconnect(paired.box.id, 'the box is paired anew');
  return paired;
}

function pairBox(fleet: Fleet, { applicant }: Reservation, { customer, name }: Pairing) {
  const { store } = fleet;
  const { mac, boxId, model, type, serial } = applicant;
  const known = mac === null ? undefined : store.boxes.find(mac);
  if (known !== undefined && (known.customer !== customer || known.type !== 'STB')) {
    throw conflict('mac', 'Another device has the MAC of this box');
  }
  const isFree = boxId !== null && store.boxes.get(boxId) === undefined;
  const id = isFree ? boxId : newId();
  const box = known ?? store.boxes.create(id, settingsOf({ type, model, name: name ?? applicant.name }, customer, mac));
  if (known !== undefined && name !== undefined) store.boxes.update(known.id, { ...known, name });
  const isTaken = serial !== null && (store.appDevices.bySerial(serial)?.box ?? box.id) !== box.id;
  store.appDevices.change(box.id, {
    appType: type,
    model,
    loggedInAt: Date.now(),
    ...(isTaken ? {} : { serial }),
  });
  store.tokens.revoke({ kind: 'box', id: box.id });
  const token = store.tokens.issue({ kind: 'box', id: box.id });
  fleet.lineups.introduce(box.id);
  return { box: store.boxes.get(box.id) ?? box, token, isKnown: known !== undefined };
}
