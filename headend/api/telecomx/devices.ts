import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { headendLimits } from '../../limits.ts';
import { type BoxType, boxTypes } from '../../store/boxes.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { flag, looseId, pagingEntries, read } from '../read.ts';
import { deviceView, findDevice, viewDevice } from './device.ts';
import { deviceParams } from './documented.ts';

const query = v.object({
  ...pagingEntries,
  filter: v.optional(v.pipe(v.string(), v.description('Part of the MAC, id, name, notes or custom fields.'))),
  full: v.optional(flag, false),
  customer: v.optional(looseId),
  reseller: v.optional(
    v.pipe(looseId, v.description('A customer whose devices, and those of everybody below, are meant.')),
  ),
  type: v.optional(v.pipe(v.picklist([...boxTypes, 'DRM', 'ANY']), v.description('DRM: all but STB.')), 'ANY'),
  heartbeatStatus: v.optional(v.picklist(['ONLINE', 'OFFLINE'])),
  showDisabled: v.optional(flag, false),
});

/** Telecom X, `GET /iptv/device` and `GET /iptv/device/DEVICE_ID`. */
export function deviceRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.get(
    '/iptv/device',
    describe({
      tag: 'Telecom X',
      summary: 'Device list',
      query,
      answer: v.object({ offset: v.number(), limit: v.number(), total: v.number(), devices: v.array(deviceView) }),
      errors: [403, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      const asked = read(query, request.query);
      const { offset, limit } = asked;
      const below = asked.reseller === undefined ? undefined : fleet.store.customers.tree(asked.reseller);
      const scope = fleet.access
        .scope(user)
        .filter((id) => (asked.customer === undefined || id === asked.customer) && (below?.includes(id) ?? true));
      const status = asked.heartbeatStatus;
      const found = fleet.store.boxes.list(
        {
          scope,
          text: asked.filter,
          types: typesOf(asked.type),
          enabledOnly: !asked.showDisabled,
          among: status === undefined ? undefined : { ids: fleet.presence.online(), inside: status === 'ONLINE' },
        },
        { offset, limit },
      );
      return {
        offset,
        limit,
        total: found.total,
        devices: found.items.map((box) => viewDevice(fleet, box, asked.full)),
      };
    },
  );

  app.get(
    '/iptv/device/:device',
    describe({ tag: 'Telecom X', summary: 'Device get', params: deviceParams, answer: deviceView, errors: [403, 404] }),
    async (request) => {
      const user = authentication.user(request);
      return viewDevice(fleet, findDevice(fleet, user, read(deviceParams, request.params).device), true);
    },
  );

  app.get(
    '/iptv/device/:device/log',
    describe({
      tag: 'Telecom X',
      summary: 'Device log: the error events that a device has logged, newest first',
      params: deviceParams,
      answer: v.object({ events: v.array(v.object({ at: v.string(), event: v.unknown() })) }),
      errors: [403, 404],
    }),
    async (request) => {
      const user = authentication.user(request);
      const { id } = findDevice(fleet, user, read(deviceParams, request.params).device);
      const events = fleet.store.appDevices.events(id, headendLimits.logEvents.kept);
      return { events: events.map(({ at, event }) => ({ at: new Date(at).toISOString(), event })) };
    },
  );
}

function typesOf(type: BoxType | 'DRM' | 'ANY'): readonly BoxType[] {
  if (type === 'ANY') return boxTypes;
  return type === 'DRM' ? boxTypes.filter((one) => one !== 'STB') : [type];
}
