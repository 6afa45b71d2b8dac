import type { FastifyInstance } from 'fastify';
import { ApiError, accessDenied } from '../../errors.ts';
import { mayUse } from '../../roles.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { read } from '../read.ts';
import { requireActor } from './action-request.ts';
import { findDevice } from './device.ts';
import { deviceParams } from './documented.ts';

/** Telecom X, `GET /iptv/device/DEVICE_ID/screenshot`: the newest screenshot, as PNG. Who may take one may see one. */
export function screenshotRoute(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.get(
    '/iptv/device/:device/screenshot',
    describe({ tag: 'Telecom X', summary: 'Get screenshot', params: deviceParams, errors: [403, 404] }),
    async (request, reply) => {
      const user = authentication.user(request);
      requireActor(fleet, user);
      if (!mayUse(user.role, 'SCREENSHOT')) throw accessDenied();
      const box = findDevice(fleet, user, read(deviceParams, request.params).device);
      if (!fleet.access.mayActFor(user, box.customer)) throw accessDenied();
      const artifact = fleet.store.artifacts.newestScreenshot(box.id);
      if (artifact === undefined) throw new ApiError(404, 'screenshot', 'No image on file');
      return reply
        .header('Content-Length', artifact.bytes)
        .header('Last-Modified', new Date(artifact.storedAt).toUTCString())
        .header('Cache-Control', 'no-store')
        .header('X-Content-Type-Options', 'nosniff')
        .type('image/png')
        .send(fleet.uploads.read(artifact));
    },
  );
}
