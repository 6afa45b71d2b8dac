import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { ApiError, invalid, notFound } from '../../errors.ts';
import { headendLimits } from '../../limits.ts';
import type { Picture } from '../../store/pictures.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { looseId, read } from '../read.ts';
import { changeableChannel, findChannel } from './channels.ts';
import { success } from './documented.ts';
import { changeableCustomer, visibleCustomer } from './settings.ts';

const channelParams = v.object({ channel: looseId });
const customerParams = v.object({ customer: looseId });
/** How each kind of picture begins. */
const signatures: Record<string, readonly number[]> = {
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  'image/jpeg': [0xff, 0xd8, 0xff],
};

/**
 * The logos of channels and of customers. `POST` takes the bytes of a PNG or JPEG as they are; Telecom X's multipart form and its scaling are
 * not built.
 */
export async function logoRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): Promise<void> {
  const { pictures } = fleet.store;
  app.addContentTypeParser(
    Object.keys(signatures),
    { parseAs: 'buffer', bodyLimit: headendLimits.pictureBytes },
    (_request, body, done) => done(null, body),
  );

  /** Telecom X channel get logo, access level ANY: operators and devices that see the channel. */
  function channelOf(request: FastifyRequest): string {
    const caller = authentication.caller(request);
    const { channel: id } = read(channelParams, request.params);
    if ('user' in caller) return findChannel(fleet, caller.user, id).id;
    const found = fleet.store.channels.get(id);
    if (found === undefined || (found.customer !== null && found.customer !== caller.box.customer))
      throw notFound('id');
    return found.id;
  }

  const paths = [
    {
      path: '/iptv/channel/:channel/logo',
      what: 'Channel logo',
      params: channelParams,
      visible: channelOf,
      changeable: (request: FastifyRequest) =>
        changeableChannel(fleet, authentication.user(request), read(channelParams, request.params).channel).id,
    },
    {
      path: '/iptv/settings/:customer/logo',
      what: 'Customer logo',
      params: customerParams,
      visible: (request: FastifyRequest) =>
        visibleCustomer(fleet, authentication.user(request), read(customerParams, request.params).customer),
      changeable: (request: FastifyRequest) =>
        changeableCustomer(fleet, authentication.user(request), read(customerParams, request.params).customer),
    },
  ];
  for (const { path, what, params, visible, changeable } of paths) {
    app.get(
      path,
      describe({ tag: 'Telecom X', summary: `${what} get`, params, errors: [403, 404] }),
      async (request, reply) => {
        const picture = pictures.get(visible(request));
        if (picture === undefined) throw new ApiError(404, 'logo', 'No logo available');
        return sendPicture(reply, picture);
      },
    );
    app.post(
      path,
      describe({ tag: 'Telecom X', summary: `${what} upload`, params, answer: success, errors: [403, 404, 413, 422] }),
      async (request) => {
        const owner = changeable(request);
        pictures.put(owner, readPicture(request.body));
        return { success: true };
      },
    );
  }
}

/** What a picture says it is counts for nothing; how it begins does. */
function readPicture(body: unknown): Picture {
  if (!Buffer.isBuffer(body) || body.length === 0) throw new ApiError(404, 'file', 'The file was missing or invalid');
  const found = Object.entries(signatures).find(([, start]) => start.every((byte, index) => body[index] === byte));
  if (found === undefined) throw invalid('file', 'Filetype must be PNG or JPG');
  return { contentType: found[0], bytes: body };
}

export function sendPicture(reply: FastifyReply, { contentType, bytes }: Picture) {
  return reply
    .header('Content-Length', bytes.length)
    .header('X-Content-Type-Options', 'nosniff')
    .type(contentType)
    .send(bytes);
}
