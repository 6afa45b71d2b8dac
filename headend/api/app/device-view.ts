import * as v from 'valibot';
import type { Box } from '../../store/boxes.ts';
import type { Store } from '../../store/store.ts';

/** Days of the guide that are told of. */
const epgDays = 7;

/** A device as Telecom X's login and validate answer it. */
export const validatedView = v.object({
  _id: v.string(),
  deviceId: v.optional(v.string()),
  mac: v.optional(v.pipe(v.string(), v.description('Of a box, instead of deviceId.'))),
  token: v.string(),
  type: v.string(),
  name: v.string(),
  username: v.optional(v.string()),
  groups: v.array(v.object({ _id: v.string(), name: v.string() })),
  developmentMode: v.boolean(),
  nPvr: v.boolean(),
  archive: v.boolean(),
  archiveDays: v.number(),
  epgDays: v.number(),
  resellerId: v.optional(v.string()),
  resellerName: v.optional(v.string()),
});

export function viewValidated(store: Store, box: Box, token: string): v.InferOutput<typeof validatedView> {
  const known = store.appDevices.get(box.id);
  const parent = store.customers.get(box.customer)?.parent ?? null;
  const reseller = parent === null ? undefined : store.customers.get(parent);
  return {
    _id: box.id,
    ...(box.type !== 'STB' && known.deviceId !== null ? { deviceId: known.deviceId } : {}),
    ...(box.mac === null ? {} : { mac: box.mac }),
    token,
    type: known.appType ?? box.type,
    name: box.name,
    ...(known.account === null ? {} : { username: known.account }),
    groups: store.groups.ofBox(box.id).map((id) => ({ _id: id, name: store.groups.get(id)?.name ?? '' })),
    developmentMode: false,
    nPvr: false,
    archive: store.channels.ofCustomer(box.customer).some(({ catchUp }) => catchUp !== null),
    archiveDays: 0,
    epgDays,
    ...(reseller === undefined ? {} : { resellerId: reseller.id, resellerName: reseller.name }),
  };
}
