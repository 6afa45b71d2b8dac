import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { notFound } from '../../errors.ts';
import { headendLimits } from '../../limits.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { looseId, read } from '../read.ts';
import { findDevice } from './device.ts';
import { success } from './documented.ts';
import { changeableGroup } from './groups.ts';

const params = v.object({ group: looseId });
const memberParams = v.object({ group: looseId, device: looseId });
const joining = v.object({
  devices: v.pipe(v.array(looseId), v.minLength(1), v.maxLength(headendLimits.boxesPerRequest)),
});

/** `/iptv/devicegroup/GROUP_ID/device`: puts devices of the group's customer in, by id or MAC, and takes them out. */
export function groupMemberRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { store, events, presence } = fleet;
  /** Whoever watches sees where a box belongs now. */
  const tell = (box: string) => events.publish({ event: 'box', box, online: presence.isOnline(box) });

  app.post(
    '/iptv/devicegroup/:group/device',
    describe({
      tag: 'Telecom X',
      summary: 'Device group: add devices',
      params,
      body: joining,
      answer: success,
      errors: [403, 404, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      const group = changeableGroup(fleet, user, read(params, request.params).group);
      const devices = read(joining, request.body).devices.map((id) => findDevice(fleet, user, id));
      if (devices.some((device) => device.customer !== group.customer)) throw notFound('devices');
      store.transaction(() => {
        for (const device of devices) store.groups.add(group.id, device.id);
      });
      for (const device of devices) tell(device.id);
      return { success: true };
    },
  );

  app.delete(
    '/iptv/devicegroup/:group/device/:device',
    describe({
      tag: 'Telecom X',
      summary: 'Device group: remove a device',
      params: memberParams,
      answer: success,
      errors: [403, 404],
    }),
    async (request) => {
      const user = authentication.user(request);
      const asked = read(memberParams, request.params);
      const group = changeableGroup(fleet, user, asked.group);
      const device = findDevice(fleet, user, asked.device);
      if (!store.groups.has(group.id, device.id)) throw notFound('id');
      store.groups.leave(group.id, device.id);
      tell(device.id);
      return { success: true };
    },
  );
}
