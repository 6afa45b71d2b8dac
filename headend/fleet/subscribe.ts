import { invalid } from '../errors.ts';
import type { Store } from '../store/store.ts';
import type { Subscription } from '../store/subscriptions.ts';

/**
 * Gives a box a package. Throws 422 with `field` for an end before the beginning, and when two main packages would run at one time
 * (Telecom X package: "A subscription can only contain 1 main package"). Within a transaction.
 */
export function subscribe(store: Store, box: string, subscription: Subscription, field: string): void {
  const { start, end } = subscription;
  if (start !== null && end !== null && end <= start) throw invalid(field, 'The end lies before the beginning');
  store.subscriptions.put(box, subscription);
  const now = Date.now();
  const running = store.subscriptions.ofBox(box).filter((one) => one.end === null || one.end > now);
  const mains = running.filter((one) => store.packages.get(one.package)?.main);
  const clash = mains.some((one, index) => mains.slice(index + 1).some((other) => overlap(one, other)));
  if (clash) throw invalid(field, 'A device has one main package at a time');
}

/**
 * Makes `wanted` what a box has from now on: what it has already goes on as it is, unless another beginning or end is wanted; what is not
 * wanted ends. Within a transaction.
 */
export function replaceSubscriptions(
  store: Store,
  box: string,
  wanted: readonly { package: string; start?: number | null | undefined; end?: number | null | undefined }[],
  field: string,
): void {
  const now = Date.now();
  const known = new Map(store.subscriptions.ofBox(box).map((one) => [one.package, one]));
  for (const id of known.keys()) if (!wanted.some((one) => one.package === id)) store.subscriptions.end(box, id, now);
  for (const { package: id, start, end } of wanted) {
    const before = known.get(id);
    const isOver = before === undefined || (before.end !== null && before.end <= now);
    const kept = isOver ? { start: null, end: null } : before;
    const next = {
      package: id,
      start: start === undefined ? kept.start : start,
      end: end === undefined ? kept.end : end,
    };
    subscribe(store, box, next, field);
  }
}

function overlap(a: Subscription, b: Subscription): boolean {
  const beginsBefore = (one: Subscription, other: Subscription) =>
    (one.start ?? Number.NEGATIVE_INFINITY) < (other.end ?? Number.POSITIVE_INFINITY);
  return beginsBefore(a, b) && beginsBefore(b, a);
}
