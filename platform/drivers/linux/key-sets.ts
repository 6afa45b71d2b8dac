/** Which key event a name becomes, by the set of codes that the user interface understands. */
import { type KeyName, keyNames, PlatformError } from '../../contract.ts';
import { keyTable } from './key-table.ts';
import { keyboard } from './keyboard.ts';
import type { KeySetName } from './settings.ts';

/** A key for uinput: an evdev code, held together with modifiers. */
export type EvdevKey = { code: number; modifiers: readonly number[] };
/** A key for a browser. */
export type DomKey = { key: string; code: string; keyCode: number; alt: boolean; shift: boolean };

export type KeySet = { evdev(name: KeyName): EvdevKey; dom(name: KeyName): DomKey };

/** linux/input-event-codes.h */
const [KEY_LEFTSHIFT, KEY_LEFTALT] = [42, 56];

/**
 * A set with exceptions, `RED=0x190`, whose numbers are those of the set. A key it does not have is UNSUPPORTED. Throws a sentence
 * for an exception that is not one.
 */
export function createKeySet(set: KeySetName, exceptions: readonly string[] = []): KeySet {
  const overridden = new Map(exceptions.map(parseException));
  const number = (name: KeyName): number => {
    const found = overridden.get(name) ?? keyTable[name][set];
    if (found !== undefined) return found;
    throw new PlatformError(
      'UNSUPPORTED',
      `key ${name}: the key set ${set} has no such key; add "${name}=CODE" to platform.linux.keys, or choose another platform.linux.key_set`,
    );
  };
  return {
    evdev(name) {
      if (set === 'linux') return { code: number(name), modifiers: [] };
      if (set !== 'mag') throw notByUinput(set);
      const { keyCode, alt, shift } = parseMag(number(name));
      const key = keyboard(keyCode);
      if (key === undefined) throw notOnKeyboard(name, keyCode);
      return { code: key.evdev, modifiers: [...(alt ? [KEY_LEFTALT] : []), ...(shift ? [KEY_LEFTSHIFT] : [])] };
    },
    dom(name) {
      if (set === 'mag') {
        const { keyCode, alt, shift } = parseMag(number(name));
        const { key = 'Unidentified', code = '' } = keyboard(keyCode) ?? {};
        return { key, code, keyCode, alt, shift };
      }
      const { key, code = '', dom } = keyTable[name];
      const keyCode = overridden.get(name) ?? (set === 'cehtml' ? keyTable[name].cehtml : undefined) ?? dom;
      if (key === undefined && keyCode === undefined) number(name);
      return { key: key ?? 'Unidentified', code, keyCode: keyCode ?? 0, alt: false, shift: false };
    },
  };
}

/** Every evdev code that a set may press, for the virtual remote to announce. */
export function evdevCodes(set: KeySet): number[] {
  const codes = keyNames.flatMap((name) => {
    try {
      const { code, modifiers } = set.evdev(name);
      return [code, ...modifiers];
    } catch {
      return [];
    }
  });
  return [...new Set(codes)];
}

function parseMag(code: number): { keyCode: number; alt: boolean; shift: boolean } {
  return { keyCode: code % 1000, alt: code >= 2000, shift: Math.floor(code / 1000) % 2 === 1 };
}

function parseException(text: string): [KeyName, number] {
  const [name = '', code = ''] = text.split('=').map((part) => part.trim());
  const known = keyNames.find((each) => each === name);
  const value = /^(0x[0-9a-f]+|\d+)$/i.test(code) ? Number(code) : Number.NaN;
  if (known !== undefined && value >= 0 && value <= 0x2ff + 2000) return [known, value];
  throw new Error(
    `platform.linux.keys: ${JSON.stringify(text)}: expected a key's name and its code, as "RED=0x190"; the names are those of EMULATEKEYS`,
  );
}

function notByUinput(set: KeySetName): PlatformError {
  return new PlatformError(
    'UNSUPPORTED',
    `the key set ${set} is a browser's and cannot be pressed by uinput; set platform.linux.key_set to linux or mag`,
  );
}

function notOnKeyboard(name: KeyName, keyCode: number): PlatformError {
  return new PlatformError('UNSUPPORTED', `key ${name}: no keyboard has a key with keyCode ${keyCode}`);
}
