import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { newId } from '../../../agent/protocol/id.ts';
import { accessDenied, invalid, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { headendLimits } from '../../limits.ts';
import { type Box, type BoxSettings, normaliseMac } from '../../store/boxes.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { flag, looseId, name, read } from '../read.ts';
import { assign, assignments, leaveCustomer, register } from './assignments.ts';
import { findDevice } from './device.ts';
import { deviceParams, success } from './documented.ts';

const mac = v.pipe(
  v.string(),
  v.check((text) => normaliseMac(text) !== undefined, 'Expected a MAC: 00:1A:79:12:34:56'),
  v.transform((text) => normaliseMac(text) ?? text),
);
const label = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(64));
const idList = v.pipe(v.array(looseId), v.maxLength(1_000));
const custom = v.pipe(
  v.record(v.string(), v.unknown()),
  v.check(
    (fields) => Buffer.byteLength(JSON.stringify(fields)) <= headendLimits.customFieldBytes,
    `Expected at most ${headendLimits.customFieldBytes} bytes`,
  ),
);

const changes = {
  customer: v.optional(looseId),
  mac: v.optional(mac),
  name: v.optional(name),
  enabled: v.optional(flag),
  streamOnly: v.optional(flag),
  ...assignments,
  notes: v.optional(v.pipe(v.string(), v.maxLength(headendLimits.notesLength))),
  custom: v.optional(v.pipe(custom, v.description('Custom fields; at most 4096 bytes.'))),
  serial: v.optional(v.pipe(label, v.description('Of a tablet, for login by serial.'))),
  deviceId: v.optional(v.pipe(label, v.description('Id or barcode of a tablet, for login by device id.'))),
};

const creation = v.object({ ...changes, mac, type: v.optional(v.picklist(['STB', 'ANDROID']), 'STB') });
const update = v.object({
  ...changes,
  favorites: v.optional(idList),
  listMode: v.optional(v.picklist(['FAV', 'NUMBER', 'ALPHA'])),
});

const issued = v.object({
  ...success.entries,
  _id: v.string(),
  token: v.pipe(v.string(), v.description('The box token; it cannot be read later.')),
});

/** Telecom X: device create, device update, reset token. Everybody but a VIEWER, for the customers that the caller sees. */
export function deviceChangeRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { store } = fleet;

  app.post(
    '/iptv/device',
    describe({ tag: 'Telecom X', summary: 'Device create', body: creation, answer: issued, errors: [403, 404, 422] }),
    async (request) => {
      const user = authentication.user(request);
      if (!fleet.access.mayChange(user)) throw accessDenied();
      const { groups, packages, type, serial, deviceId, ...asked } = read(creation, request.body);
      const customer = customerOf(fleet, user, asked.customer ?? user.customer);
      requireFreeMac(fleet, asked.mac, undefined);
      const created: BoxSettings = { ...blank, name: asked.mac, ...settingsOf(asked), type, customer, mac: asked.mac };
      return store.transaction(() => {
        const box = store.boxes.create(newId(), created);
        assign(fleet, box, { groups, packages });
        register(fleet, box.id, { serial, deviceId });
        if (type === 'STB') fleet.lineups.introduce(box.id);
        return { success: true, _id: box.id, token: store.tokens.issue({ kind: 'box', id: box.id }) };
      });
    },
  );

  app.post(
    '/iptv/device/:device',
    describe({
      tag: 'Telecom X',
      summary: 'Device update',
      description:
        'One property suffices; the others stay. With another `customer` the device begins anew: without groups, packages, actions and history.',
      params: deviceParams,
      body: update,
      answer: success,
      errors: [403, 404, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      if (!fleet.access.mayChange(user)) throw accessDenied();
      const box = findDevice(fleet, user, read(deviceParams, request.params).device);
      const { groups, packages, serial, deviceId, ...asked } = read(update, request.body);
      if (asked.customer !== undefined) customerOf(fleet, user, asked.customer);
      if (asked.mac !== undefined) requireFreeMac(fleet, asked.mac, box.id);
      const changed: Box = { ...box, ...settingsOf(asked) };
      const left = fleet.lineups.during(
        () => [box.id],
        () => {
          store.boxes.update(box.id, changed);
          const artifacts = changed.customer === box.customer ? [] : leaveCustomer(fleet, box);
          assign(fleet, changed, { groups, packages });
          register(fleet, box.id, { serial, deviceId });
          return artifacts;
        },
      );
      if (left.length > 0) await fleet.uploads.clean(left);
      if (!changed.enabled) fleet.presence.disconnect(box.id, 'the box is disabled');
      return { success: true };
    },
  );

  app.post(
    '/iptv/device/:device/resettoken',
    describe({
      tag: 'Telecom X',
      summary: 'Reset token',
      description: 'The tokens of the device become worthless, its connections are closed, and a new token is issued.',
      params: deviceParams,
      answer: issued,
      errors: [403, 404],
    }),
    async (request) => {
      const user = authentication.user(request);
      if (!fleet.access.mayChange(user)) throw accessDenied();
      const { id } = findDevice(fleet, user, read(deviceParams, request.params).device);
      const token = store.transaction(() => {
        store.tokens.revoke({ kind: 'box', id });
        store.portalBoxes.forget(id);
        store.appDevices.change(id, { loggedInAt: null });
        return store.tokens.issue({ kind: 'box', id });
      });
      fleet.presence.disconnect(id, 'the token has been reset');
      return { success: true, _id: id, token };
    },
  );
}

const blank = {
  enabled: true,
  streamOnly: false,
  notes: '',
  customFields: {},
  favorites: [],
  listMode: 'NUMBER' as const,
};

/** The settings that were given; `custom` is called `customFields` in the store. */
function settingsOf<T extends { custom?: Record<string, unknown> | undefined }>({ custom, ...given }: T) {
  const named = { ...given, customFields: custom };
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value !== undefined)) as Partial<BoxSettings>;
}

function customerOf(fleet: Fleet, user: User, id: string | null): string {
  if (id === null || !fleet.access.scope(user).includes(id)) throw notFound('customer');
  return id;
}

function requireFreeMac(fleet: Fleet, given: string, owner: string | undefined): void {
  const other = fleet.store.boxes.find(given);
  if (other !== undefined && other.id !== owner) throw invalid('mac', 'Another device has this MAC');
}
