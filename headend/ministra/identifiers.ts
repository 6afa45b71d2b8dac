import { normaliseMac } from '../store/boxes.ts';
import type { Store } from '../store/store.ts';

/** What an identifier that is no MAC stands for: an account number, which several boxes may have, or a login. */
export type IdentifierKind = 'account' | 'login';

/** Ministra takes the Cyrillic letters that look like hexadecimal digits for them. */
const lookalikes: Record<string, string> = { А: 'A', В: 'B', С: 'C', Е: 'E', а: 'A', в: 'B', с: 'C', е: 'E' };

/** A MAC as it is stored, however it is written; undefined when `text` is none. */
export function readMac(text: string): string | undefined {
  return normaliseMac(text.trim().replace(/[АВСЕавсе]/g, (letter) => lookalikes[letter] ?? letter));
}

/**
 * The ids of the boxes that one identifier means. Each identifier of a list is taken by itself: as an account number or login where there is such a one,
 * else as a MAC. So an account number of twelve digits is not mistaken for a MAC.
 */
export function boxesOf(store: Store, identifier: string, kind: IdentifierKind): string[] {
  const text = identifier.trim();
  const named = kind === 'login' ? [store.accounts.boxOfLogin(text)] : boxesOfNumber(store, text);
  const found = named.filter((id) => id !== undefined);
  if (found.length > 0) return found;
  const mac = readMac(text);
  const box = mac === undefined ? undefined : store.boxes.find(mac);
  return box?.type === 'STB' ? [box.id] : [];
}

/** The boxes that a list of identifiers means, each once, and the identifiers that mean none. */
export function resolve(store: Store, identifiers: readonly string[], kind: IdentifierKind) {
  const found = new Set<string>();
  const unknown: string[] = [];
  for (const identifier of identifiers) {
    const boxes = boxesOf(store, identifier, kind);
    if (boxes.length === 0) unknown.push(identifier);
    for (const box of boxes) found.add(box);
  }
  return { boxes: [...found], unknown };
}

/** Zero is how Ministra writes that there is no account number. */
function boxesOfNumber(store: Store, number: string): string[] {
  return number === '' || number === '0' ? [] : store.accounts.boxesOfNumber(number);
}
