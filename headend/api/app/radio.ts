import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { notFound } from '../../errors.ts';
import { radioFor } from '../../fleet/watch.ts';
import type { ApiContext } from '../context.ts';
import { looseId, read } from '../read.ts';
import { sendPicture } from '../telecomx/logos.ts';
import { appRoute, noLogo } from './app-route.ts';

const params = v.object({ channel: looseId });
const radioView = v.object({
  _id: v.string(),
  number: v.number(),
  name: v.string(),
  url: v.string(),
  logo: v.optional(v.string()),
});

/** Telecom X app: radio channels and their logos. */
export function radioRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { pictures } = fleet.store;

  appRoute(
    app,
    {
      path: '/iptv/app/radiochannel',
      summary: 'Radio channels',
      answer: v.object({ channels: v.array(radioView) }),
      errors: [403],
    },
    (request) => {
      const box = authentication.box(request);
      const channels = radioFor(fleet.store, box).map(({ id, number, name, url }) => ({
        _id: id,
        number,
        name,
        url,
        ...(pictures.has(id) ? { logo: `/iptv/app/radiochannel/${id}/logo` } : {}),
      }));
      return { channels };
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/radiochannel/:channel/logo',
      summary: 'Radio channel logo',
      params,
      errors: [403, 404],
    },
    (request, _given, reply) => {
      const box = authentication.box(request);
      const id = read(params, request.params).channel;
      if (!radioFor(fleet.store, box).some((channel) => channel.id === id)) throw notFound('id');
      const picture = pictures.get(id);
      if (picture === undefined) throw noLogo();
      return sendPicture(reply, picture);
    },
  );
}
