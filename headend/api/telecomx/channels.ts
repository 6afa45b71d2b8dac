import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { limits } from '../../../agent/protocol/limits.ts';
import { isUrl } from '../../../agent/protocol/params.ts';
import { accessDenied } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { Channel } from '../../store/channels.ts';
import type { User } from '../../store/users.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { flag, looseId, name, read, wholeNumber } from '../read.ts';
import { success } from './documented.ts';
import { changeable, listQuery, listScope, ownerOfNew, visible } from './owned.ts';

/** Telecom X channel create: the URLs of `locals` are http, https, udp or rtp. */
const stream = v.pipe(
  v.string(),
  v.maxLength(2_048),
  v.check((url) => isUrl(url, ['http', 'https', 'udp', 'rtp']), 'Expected a URL: http, https, udp, rtp'),
);
const tunerParameter = v.pipe(v.string(), v.regex(/^[A-Za-z_][\w.-]*$/, 'Expected the name of a tuner parameter'));
const dvb = v.record(tunerParameter, v.union([v.string(), v.number()]));

const query = v.object({ ...listQuery.entries, radio: v.optional(flag) });
const params = v.object({ channel: looseId });
const numberExpected = `Expected a number from 0 to ${limits.channelNumber}`;
const number = v.pipe(wholeNumber, v.minValue(0, numberExpected), v.maxValue(limits.channelNumber, numberExpected));
const baseChannel = v.pipe(stream, v.description('The base stream.'));
const locals = v.pipe(v.array(stream), v.maxLength(20));
const tuning = v.pipe(
  dvb,
  v.check((tuner) => Object.keys(tuner).length > 0, 'Expected an object with freq, id, mod, symrate, prog, …'),
  v.description('freq, id, mod, symrate, prog, …'),
);
const epgId = v.pipe(
  v.string(),
  v.trim(),
  v.minLength(1),
  v.maxLength(200),
  v.description('Its id in the programme guide.'),
);
const catchUp = v.pipe(
  v.string(),
  v.maxLength(2_048),
  v.check(
    (url) => isUrl(url, ['http', 'https']) && url.includes('{start}'),
    'Expected a URL with {start}, perhaps {end}',
  ),
  v.description('Address of what was broadcast; {start} and {end} stand for seconds since 1970.'),
);
const creation = v.object({
  number,
  name,
  baseChannel: v.optional(baseChannel),
  locals: v.optional(locals, []),
  dvbOnly: v.optional(flag, false),
  dvb: v.optional(tuning),
  radio: v.optional(flag, false),
  epgId: v.optional(epgId),
  catchUp: v.optional(catchUp),
  customer: v.optional(v.pipe(looseId, v.description('Left out by an ADMIN, the channel is everybody’s.'))),
});
const change = v.object({
  number: v.optional(number),
  name: v.optional(name),
  baseChannel: v.optional(v.nullable(baseChannel)),
  locals: v.optional(locals),
  dvbOnly: v.optional(flag),
  dvb: v.optional(v.nullable(tuning)),
  epgId: v.optional(v.nullable(epgId)),
  catchUp: v.optional(v.nullable(catchUp)),
});

const channelView = v.object({
  _id: v.string(),
  number: v.number(),
  name: v.string(),
  radio: v.boolean(),
  baseChannel: v.optional(v.string()),
  locals: v.array(v.string()),
  dvbOnly: v.boolean(),
  dvb: v.optional(dvb),
  epgId: v.optional(v.string()),
  catchUp: v.optional(v.string()),
  customer: v.optional(v.string()),
});

/** Telecom X: channel list, get, create, update and delete. Radio channels stand in the same list, marked. */
export function channelRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { channels } = fleet.store;

  app.get(
    '/iptv/channel',
    describe({
      tag: 'Telecom X',
      summary: 'Channel list',
      query,
      answer: v.object({ offset: v.number(), limit: v.number(), total: v.number(), channels: v.array(channelView) }),
      errors: [403, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      const { offset, limit, filter, customer, radio } = read(query, request.query);
      const scope = listScope(fleet, user, customer);
      const found = channels.list(scope, { filter, ...(radio === undefined ? {} : { radio }) }, { offset, limit });
      return { offset, limit, total: found.total, channels: found.items.map(viewChannel) };
    },
  );

  app.get(
    '/iptv/channel/:channel',
    describe({ tag: 'Telecom X', summary: 'Channel get', params, answer: channelView, errors: [403, 404] }),
    async (request) =>
      viewChannel(findChannel(fleet, authentication.user(request), read(params, request.params).channel)),
  );

  app.post(
    '/iptv/channel',
    describe({
      tag: 'Telecom X',
      summary: 'Channel create',
      body: creation,
      answer: v.object({ ...success.entries, _id: v.string() }),
      errors: [403, 404, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      if (!fleet.access.mayChange(user)) throw accessDenied();
      const asked = read(creation, request.body);
      const customer = ownerOfNew(fleet, user, asked.customer);
      const created = {
        ...asked,
        customer,
        baseChannel: asked.baseChannel ?? null,
        dvb: asked.dvb ?? null,
        epgId: asked.epgId ?? null,
        catchUp: asked.catchUp ?? null,
      };
      const { id } = fleet.lineups.during(
        () => boxesOf(fleet, customer),
        () => channels.create(created),
      );
      return { success: true, _id: id };
    },
  );

  app.post(
    '/iptv/channel/:channel',
    describe({
      tag: 'Telecom X',
      summary: 'Channel update',
      description: 'What is left out stays; null takes a value away. Boxes that it touches are sent CHANNELS and DVB.',
      params,
      body: change,
      answer: channelView,
      errors: [403, 404, 422],
    }),
    async (request) => {
      const channel = changeableChannel(fleet, authentication.user(request), read(params, request.params).channel);
      const given = Object.entries(read(change, request.body)).filter(([, value]) => value !== undefined);
      const changed: Channel = { ...channel, ...Object.fromEntries(given) };
      fleet.lineups.during(
        () => boxesOf(fleet, channel.customer),
        () => channels.update(changed),
      );
      return viewChannel(changed);
    },
  );

  app.delete(
    '/iptv/channel/:channel',
    describe({ tag: 'Telecom X', summary: 'Channel delete', params, answer: success, errors: [403, 404] }),
    async (request) => {
      const channel = changeableChannel(fleet, authentication.user(request), read(params, request.params).channel);
      fleet.lineups.during(
        () => boxesOf(fleet, channel.customer),
        () => channels.remove(channel.id),
      );
      return { success: true };
    },
  );
}

/** A channel that the caller sees. Throws 404 `id`. */
export function findChannel(fleet: Fleet, user: User, id: string): Channel {
  return visible(fleet, user, fleet.store.channels.get(id));
}

/** A channel that the caller may change. Throws 403 `access_denied`, or 404 `id`. */
export function changeableChannel(fleet: Fleet, user: User, id: string): Channel {
  return changeable(fleet, user, fleet.store.channels.get(id));
}

/** The boxes that may have a channel of a customer, or of everybody. */
function boxesOf(fleet: Fleet, customer: string | null): string[] {
  const customers = customer === null ? fleet.store.customers.all().map(({ id }) => id) : [customer];
  return fleet.store.boxes.targets(customers);
}

function viewChannel(channel: Channel): v.InferOutput<typeof channelView> {
  const { id, baseChannel: base, dvb: tuner, epgId: guide, catchUp: past, customer, ...rest } = channel;
  return {
    _id: id,
    ...rest,
    ...(base === null ? {} : { baseChannel: base }),
    ...(tuner === null ? {} : { dvb: tuner }),
    ...(guide === null ? {} : { epgId: guide }),
    ...(past === null ? {} : { catchUp: past }),
    ...(customer === null ? {} : { customer }),
  };
}
