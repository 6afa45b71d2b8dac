import * as v from 'valibot';
import { invalid, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { replaceSubscriptions } from '../../fleet/subscribe.ts';
import type { AppDevice } from '../../store/app-devices.ts';
import type { Box } from '../../store/boxes.ts';
import { instant, looseId } from '../read.ts';
import { packageFor } from './package-body.ts';

/** When a package begins and ends; null takes the limit away. */
export const period = { start: v.optional(v.nullable(instant)), end: v.optional(v.nullable(instant)) };

const idList = v.pipe(v.array(looseId), v.maxLength(1_000));
const subscriptions = v.pipe(
  v.array(
    v.union([
      v.pipe(
        looseId,
        v.transform((id) => ({ _id: id, start: undefined, end: undefined })),
      ),
      v.object({ _id: looseId, ...period }),
    ]),
  ),
  v.maxLength(1_000),
);

/** The groups and packages of a device, whole lists. A package is an id, or an object with its beginning and end. */
export const assignments = {
  groups: v.optional(idList),
  packages: v.optional(v.pipe(subscriptions, v.description('Ids, or objects with _id, start and end.'))),
};

type Assignments = v.InferOutput<v.ObjectSchema<typeof assignments, undefined>>;

/** Groups and packages have to be of the device's customer; packages may be everybody's. Within a transaction. */
export function assign(fleet: Fleet, box: Box, { groups, packages }: Assignments): void {
  const { store } = fleet;
  if (groups !== undefined) {
    for (const id of groups) if (store.groups.get(id)?.customer !== box.customer) throw notFound('groups');
    store.groups.replace(box.id, groups);
  }
  if (packages !== undefined) {
    const wanted = packages.map(({ _id, start, end }) => ({
      package: packageFor(store, box.customer, _id, 'packages').id,
      start,
      end,
    }));
    replaceSubscriptions(store, box.id, wanted, 'packages');
  }
}

/**
 * A device that goes to another customer leaves everything that was the old one's: groups, packages, its past, and the account that an app signed in with,
 * which it has to do again. Within a transaction; returns the actions whose artifacts are to be cleaned up.
 */
export function leaveCustomer(fleet: Fleet, box: Box): string[] {
  const { store } = fleet;
  const artifacts = store.artifacts.ofBox(box.id);
  store.boxes.forgetPast(box.id);
  store.appDevices.change(box.id, { account: null, accountSince: null, loggedInAt: null, facts: {} });
  if (box.type === 'STB') fleet.lineups.introduce(box.id);
  else store.tokens.revoke({ kind: 'box', id: box.id });
  store.groups.replace(box.id, []);
  const now = Date.now();
  for (const { package: id } of store.subscriptions.ofBox(box.id)) {
    if (store.packages.get(id)?.customer === box.customer) store.subscriptions.end(box.id, id, now);
  }
  return artifacts;
}

/** Notes by what a tablet will sign in. Throws 422 where another device has it. Within a transaction. */
export function register(
  fleet: Fleet,
  box: string,
  { serial, deviceId }: { serial?: string | undefined; deviceId?: string | undefined },
): void {
  const { appDevices } = fleet.store;
  const isTaken = (other: AppDevice | undefined) => other !== undefined && other.box !== box;
  if (serial !== undefined && isTaken(appDevices.bySerial(serial))) {
    throw invalid('serial', 'Another device has this serial number');
  }
  if (deviceId !== undefined && isTaken(appDevices.byDeviceId(deviceId))) {
    throw invalid('deviceId', 'Another device has this id');
  }
  if (serial === undefined && deviceId === undefined) return;
  appDevices.change(box, {
    ...(serial === undefined ? {} : { serial }),
    ...(deviceId === undefined ? {} : { deviceId }),
  });
}
