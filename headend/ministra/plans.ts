import { subscribe } from '../fleet/subscribe.ts';
import type { Account } from '../store/accounts.ts';
import type { Service } from '../store/services.ts';
import type { Store } from '../store/store.ts';
import type { Tariff } from '../store/tariffs.ts';
import { readDate } from './times.ts';

/** The external id of the plan that an account has at `now`: its own, the one instead after its end, or the default one; empty for none. */
export function planName(store: Store, account: Account, now: number = Date.now()): string {
  const isOver = account.tariffExpires !== '' && readDate(account.tariffExpires) < now;
  const own = isOver ? account.tariffInstead : (account.tariff ?? '');
  return own === '' ? (store.tariffs.default()?.externalId ?? '') : own;
}

/** The plan itself; undefined where there is none of that name. */
export function planOf(store: Store, account: Account, now: number = Date.now()): Tariff | undefined {
  const name = planName(store, account, now);
  return store.tariffs.withExternalId(name) ?? (name === '' ? store.tariffs.default() : undefined);
}

/** Whether a plan can be named: it is there, or none is, so that there is nothing to check against. */
export function isPlan(store: Store, name: string): boolean {
  return store.tariffs.withExternalId(name) !== undefined || store.tariffs.all().length === 0;
}

/** The services that a box has and need not have: neither its plan nor its main package brings them. */
export function optionalServices(store: Store, box: string): Service[] {
  const plan = planOf(store, store.accounts.of(box));
  const included = new Set(plan === undefined ? [] : includedIn(store, plan).map(({ number }) => number));
  const packages = store.packages.ofBox(box).filter((one) => !one.main);
  const watched = packages.flatMap(({ id }) => store.services.ofPackage(id) ?? []);
  const optional = [...watched, ...store.services.soldTo(box)].filter(({ number }) => !included.has(number));
  return optional.sort((a, b) => a.number - b.number);
}

/** Whether a box may have a service beside its plan: any, where it has no plan; else one that is optional in it. */
export function mayHave(store: Store, box: string, service: Service): boolean {
  const plan = planOf(store, store.accounts.of(box));
  if (plan === undefined) return true;
  return store.services.ofTariff(plan.number).some((one) => one.number === service.number && one.optional);
}

/** Gives a box a service. Within a transaction, for channels within `lineups.during`. */
export function give(store: Store, box: string, service: Service): void {
  if (service.package === null) store.services.sell(box, service.number);
  else if (!store.packages.ofBox(box).some((one) => one.id === service.package)) {
    subscribe(store, box, { package: service.package, start: null, end: null }, 'subscribed');
  }
}

/** Takes a service away, if the box has it. Within a transaction, for channels within `lineups.during`. */
export function takeAway(store: Store, box: string, service: Service): void {
  if (service.package === null) store.services.takeBack(box, service.number);
  else store.subscriptions.end(box, service.package, Date.now());
}

/** Gives a box what its new plan includes and takes away what neither that nor an option of it covers. Within `lineups.during`. */
export function changePlan(store: Store, box: string, from: Tariff | undefined, to: Tariff | undefined): void {
  if (from?.number === to?.number) return;
  const before = from === undefined ? [] : store.services.ofTariff(from.number);
  const after = to === undefined ? [] : store.services.ofTariff(to.number);
  const covers = (service: Service) => after.some((one) => one.number === service.number);
  for (const service of before) {
    const isKept =
      covers(service) && (service.optional || after.some((one) => one.number === service.number && !one.optional));
    if (!isKept) takeAway(store, box, service);
  }
  for (const service of after) if (!service.optional) give(store, box, service);
}

function includedIn(store: Store, plan: Tariff): Service[] {
  return store.services.ofTariff(plan.number).filter(({ optional }) => !optional);
}
