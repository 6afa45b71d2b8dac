import { randomInt } from 'node:crypto';
import { ApiError } from '../errors.ts';
import { headendLimits } from '../limits.ts';

/** What a device says of itself when it asks for a code. */
export type Applicant = {
  /** Made by the device itself and known to nobody else: it is what the token is handed out for. */
  deviceId: string;
  type: string;
  model: string;
  name: string | null;
  mac: string | null;
  serial: string | null;
  /** The id that the box would like to have. */
  boxId: string | null;
};

/** A code that stands on a screen. `token` is there once somebody has entered it. */
export type Reservation = {
  code: string;
  applicant: Applicant;
  address: string;
  until: number;
  token?: string;
  box?: string;
};

export type Reservations = {
  /** The device's code: the one it has while it lives, else a new one. Throws 429 when there are too many. */
  reserve(applicant: Applicant, address: string): Reservation;
  /** The device that shows a code; undefined where none does. A code is good for one device and for once. */
  find(code: string): Reservation | undefined;
};

/** Without 0, O, 1 and I, which look alike on a screen: 32 characters, about a million codes. */
const alphabet = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const codeLength = 4;

/**
 * The codes of Telecom X reserve code: four characters that live five minutes.
 *
 * INVARIANTS
 * - They are in memory only. After a restart a device that asks again gets another code and shows that.
 * - A token is told to the device id that reserved the code and to nobody else, and as often as it asks, for an answer may be lost.
 * - No two codes that live are the same.
 */
export function createReservations(now: () => number = () => performance.now()): Reservations {
  const byDevice = new Map<string, Reservation>();
  const byCode = new Map<string, Reservation>();

  function dropOld(): void {
    for (const reservation of byDevice.values()) {
      if (reservation.until > now()) return;
      byDevice.delete(reservation.applicant.deviceId);
      byCode.delete(reservation.code);
    }
  }

  function newCode(): string {
    for (;;) {
      const code = Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('');
      if (!byCode.has(code)) return code;
    }
  }

  return {
    reserve(applicant, address) {
      dropOld();
      const known = byDevice.get(applicant.deviceId);
      if (known !== undefined) return known;
      const { total, perAddress } = headendLimits.codes;
      const ofAddress = [...byDevice.values()].filter((one) => one.address === address).length;
      if (byDevice.size >= total || ofAddress >= perAddress) {
        throw new ApiError(429, 'code', 'Too many codes are waiting: try again in a few minutes');
      }
      const reservation = { code: newCode(), applicant, address, until: now() + headendLimits.codeMs };
      byDevice.set(applicant.deviceId, reservation);
      byCode.set(reservation.code, reservation);
      return reservation;
    },

    find(code) {
      dropOld();
      const found = byCode.get(code.trim().toUpperCase());
      return found?.token === undefined ? found : undefined;
    },
  };
}
