import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { ApiError, conflict, invalid, notFound } from '../../errors.ts';
import { headendLimits } from '../../limits.ts';
import type { Box } from '../../store/boxes.ts';
import type { ApiContext } from '../context.ts';
import { looseId, read } from '../read.ts';
import { success } from '../telecomx/documented.ts';
import { appRoute, isTrue, textOf } from './app-route.ts';

const params = v.object({ device: looseId });
const deviceView = v.object({
  _id: v.string(),
  type: v.string(),
  name: v.string(),
  model: v.optional(v.string()),
  created: v.string(),
  self: v.pipe(v.boolean(), v.description('Whether it is the device that asks.')),
});

/** Telecom X app: the devices of the customer; their names; deleting one. */
export function appDeviceRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { store } = fleet;

  appRoute(
    app,
    {
      path: '/iptv/app/device',
      summary: 'Device list: the devices of the customer',
      answer: v.object({ devices: v.array(deviceView) }),
      errors: [403],
    },
    (request) => {
      const self = authentication.box(request);
      const every = { offset: 0, limit: headendLimits.page.max };
      const { items } = store.boxes.list({ scope: [self.customer], enabledOnly: true }, every);
      return { devices: items.map((box) => view(box, self)) };
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/device/:device/name',
      summary: 'Device name',
      params,
      fields: v.object({ name: v.string() }),
      answer: success,
      errors: [403, 404, 422],
    },
    (request, given) => {
      const box = find(authentication.box(request), read(params, request.params).device);
      const name = textOf(given, 'name', headendLimits.nameLength);
      if (name === undefined) throw invalid('name', 'Name is missing');
      store.boxes.update(box.id, { ...box, name });
      return { success: true };
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/device/:device/delete',
      summary: 'Device delete: releases the DRM license and removes the device',
      description: '`force` deletes it also within the 30 days that it is bound to its license.',
      params,
      fields: v.object({ force: v.optional(v.boolean()) }),
      answer: success,
      errors: [403, 404, 409],
    },
    (request, given) => {
      const box = find(authentication.box(request), read(params, request.params).device);
      if (box.type === 'STB') throw new ApiError(403, 'type', 'STB devices cannot be deleted from here');
      const { account, accountSince } = store.appDevices.get(box.id);
      const isBound = account !== null && (accountSince ?? 0) > Date.now() - headendLimits.drmBindingMs;
      if (isBound && !isTrue(given.force)) {
        throw conflict('id', 'Device is using DRM and is still within the 30 days binding period');
      }
      store.boxes.remove(box.id);
      return { success: true };
    },
  );

  function find(self: Box, id: string): Box {
    const box = store.boxes.get(id);
    if (box === undefined || box.customer !== self.customer) throw notFound('id');
    return box;
  }

  function view(box: Box, self: Box): v.InferOutput<typeof deviceView> {
    const { appType, model } = store.appDevices.get(box.id);
    const known = model ?? box.model;
    return {
      _id: box.id,
      type: appType ?? box.type,
      name: box.name,
      ...(known === null ? {} : { model: known }),
      created: new Date(box.createdAt).toISOString(),
      self: box.id === self.id,
    };
  }
}
