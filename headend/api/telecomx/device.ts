import * as v from 'valibot';
import { notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { type Box, boxTypes } from '../../store/boxes.ts';
import type { Subscription } from '../../store/subscriptions.ts';
import type { User } from '../../store/users.ts';
import { toInstant } from '../read.ts';

/** A device by its id or MAC, among those the caller sees. Throws 404 `id`. */
export function findDevice(fleet: Fleet, user: User, idOrMac: string): Box {
  const box = fleet.store.boxes.find(idOrMac);
  if (box === undefined || !fleet.access.scope(user).includes(box.customer)) throw notFound('id');
  return box;
}

const record = v.record(v.string(), v.unknown());

/** A device as Telecom X shows it; what follows `notes` only in full. */
export const deviceView = v.object({
  _id: v.string(),
  type: v.picklist(boxTypes),
  mac: v.optional(v.string()),
  name: v.string(),
  customer: v.string(),
  enabled: v.boolean(),
  streamOnly: v.boolean(),
  developmentMode: v.boolean(),
  iotId: v.pipe(v.string(), v.description('The id used for MQTT.')),
  groups: v.array(v.string()),
  packages: v.array(v.string()),
  customFields: record,
  notes: v.string(),
  favorites: v.optional(v.array(v.string())),
  listMode: v.optional(v.string()),
  online: v.optional(v.boolean()),
  lastSeen: v.optional(v.string()),
  model: v.optional(v.string()),
  firmware: v.optional(v.string()),
  heartbeat: v.optional(record),
  playing: v.optional(v.pipe(record, v.description('The channel that it last said to play, until it stops.'))),
  subscriptions: v.optional(
    v.pipe(
      v.array(v.object({ _id: v.string(), start: v.optional(v.string()), end: v.optional(v.string()) })),
      v.description('Every package it has, had or will have; `packages` are those that it has now.'),
    ),
  ),
});

/** Properties without a value are left out, as the document allows. */
export function viewDevice(fleet: Fleet, box: Box, full: boolean): v.InferOutput<typeof deviceView> {
  return {
    _id: box.id,
    type: box.type,
    ...(box.mac === null ? {} : { mac: box.mac }),
    name: box.name,
    customer: box.customer,
    enabled: box.enabled,
    streamOnly: box.streamOnly,
    developmentMode: false,
    iotId: box.id,
    groups: fleet.store.groups.ofBox(box.id),
    packages: fleet.store.packages.ofBox(box.id).map((one) => one.id),
    customFields: box.customFields,
    notes: box.notes,
    ...(full ? learnt(fleet, box) : {}),
  };
}

function learnt(fleet: Fleet, box: Box) {
  const lastSeen = toInstant(box.lastSeen);
  const { playing } = fleet.store.appDevices.get(box.id).facts;
  return {
    favorites: box.favorites,
    listMode: box.listMode,
    online: fleet.presence.isOnline(box.id),
    ...(lastSeen === null ? {} : { lastSeen }),
    ...(box.model === null ? {} : { model: box.model }),
    ...(box.firmware === null ? {} : { firmware: box.firmware }),
    ...(box.telemetry === null ? {} : { heartbeat: box.telemetry }),
    ...(playing === undefined ? {} : { playing: playing as Record<string, unknown> }),
    subscriptions: fleet.store.subscriptions.ofBox(box.id).map(viewSubscription),
  };
}

function viewSubscription({ package: id, start, end }: Subscription) {
  return {
    _id: id,
    ...(start === null ? {} : { start: new Date(start).toISOString() }),
    ...(end === null ? {} : { end: new Date(end).toISOString() }),
  };
}
