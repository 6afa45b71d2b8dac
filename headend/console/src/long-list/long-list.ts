import { type ReadonlySignal, signal } from '@preact/signals';
import { sayError } from '../api.ts';

/** Something in a list that is ever added to; a later one has a higher `seq`. */
export type Item = { seq: number };
/** The items of a list, the newest first, in parts. A part is known by its oldest item, so that new ones move no part. */
export type Part<T> = readonly T[];
export type PageQuery = { limit: number; before?: number };

/** A list as far as it was read: page by page to the very first, what is in sight as it is now. */
export type LongList<T> = {
  parts: ReadonlySignal<readonly Part<T>[] | undefined>;
  /** Whether the first item of all is there. */
  isWhole: ReadonlySignal<boolean>;
  error: ReadonlySignal<string | null>;
  /** Reads the next older page. */
  more(): Promise<void>;
  /** Something has changed: what is in sight is read again, the rest when it comes in sight. */
  changed(): void;
  /** An item as it is now; where `mayBeNew`, also one that is newer than all there are. */
  put(item: T, mayBeNew: boolean): void;
  setInSight(oldest: number, isInSight: boolean): void;
};

const pageSize = 100;
/** So much more of a part is read than there was, for what has come since. */
const spare = 50;

/** `firstPage` is how much is shown at first. */
export function createLongList<T extends Item>(
  read: (page: PageQuery) => Promise<readonly T[]>,
  firstPage = pageSize,
): LongList<T> {
  const parts = signal<readonly Part<T>[] | undefined>(undefined);
  const isWhole = signal(false);
  const error = signal<string | null>(null);
  const inSight = new Set<number>();
  /** Parts that were read before the last change. */
  const stale = new Set<number>();
  let reading: Promise<void> | undefined;

  async function readOlder(): Promise<void> {
    const oldest = parts.value?.at(-1)?.at(-1)?.seq;
    const limit = oldest === undefined ? firstPage : pageSize;
    try {
      const page = await read({ limit, ...(oldest === undefined ? {} : { before: oldest }) });
      error.value = null;
      isWhole.value = page.length < limit;
      parts.value = [...(parts.value ?? []), page].filter((part) => part.length > 0);
    } catch (failure) {
      error.value = sayError(failure);
    }
  }

  async function readAgain(part: Part<T>): Promise<void> {
    const oldest = oldestOf(part);
    stale.delete(oldest);
    const newer = parts.value?.[parts.value.indexOf(part) - 1];
    const limit = part.length + spare;
    // One that cannot be read stays as it was: the page says by itself that the headend is away, and tells when it is back.
    const page = await read({ limit, ...(newer === undefined ? {} : { before: oldestOf(newer) }) }).catch(
      () => undefined,
    );
    const now = parts.value ?? [];
    const index = now.findIndex((each) => oldestOf(each) === oldest);
    if (page === undefined || index < 0) return;
    const renewed = renew(now[index] as Part<T>, page, page.length === limit);
    parts.value = renewed === undefined ? [...now.slice(0, index), page] : now.toSpliced(index, 1, ...split(renewed));
    if (renewed === undefined) isWhole.value = false;
  }

  function more(): Promise<void> {
    reading ??= readOlder().finally(() => {
      reading = undefined;
    });
    return reading;
  }

  function look(oldest: number): void {
    const part = parts.value?.find((each) => oldestOf(each) === oldest);
    if (part !== undefined && stale.has(oldest) && inSight.has(oldest)) void readAgain(part);
  }

  return {
    parts,
    isWhole,
    error,
    more,
    changed() {
      if (parts.value === undefined || parts.value.length === 0) return void more();
      for (const part of parts.value) stale.add(oldestOf(part));
      for (const part of parts.value) look(oldestOf(part));
    },
    put(item, mayBeNew) {
      const now = parts.value ?? [];
      const [newest, ...rest] = now;
      const index = now.findIndex((part) => part.some(({ seq }) => seq === item.seq));
      const known = now[index];
      if (known !== undefined)
        parts.value = now.with(
          index,
          known.map((each) => (each.seq === item.seq ? item : each)),
        );
      else if (!mayBeNew) return;
      else if (newest === undefined) void more();
      else if (item.seq > (newest[0]?.seq ?? 0)) parts.value = [...split([item, ...newest]), ...rest];
    },
    setInSight(oldest, isInSight) {
      if (isInSight) inSight.add(oldest);
      else inSight.delete(oldest);
      look(oldest);
    },
  };
}

const oldestOf = <T extends Item>(part: Part<T>): number => part.at(-1)?.seq ?? 0;

/**
 * A part as the page that begins where it does has it; where the page is full, what is older stays. Undefined when so much is new that the
 * page does not reach what was there.
 */
export function renew<T extends Item>(part: Part<T>, page: readonly T[], isFull: boolean): Part<T> | undefined {
  const [newest, end] = [part[0]?.seq ?? 0, isFull ? oldestOf(page) : 0];
  if (end > newest) return undefined;
  return [...page.filter(({ seq }) => seq >= oldestOf(part)), ...part.filter(({ seq }) => seq < end)];
}

/** A part that has grown to twice its size becomes two, and one of which nothing is left none. */
function split<T>(part: Part<T>): Part<T>[] {
  if (part.length === 0) return [];
  return part.length < 2 * pageSize ? [part] : [part.slice(0, -pageSize), part.slice(-pageSize)];
}
