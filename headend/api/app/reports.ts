import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { invalid } from '../../errors.ts';
import { programmesFor } from '../../fleet/watch.ts';
import { headendLimits } from '../../limits.ts';
import type { ApiContext } from '../context.ts';
import { read } from '../read.ts';
import { success } from '../telecomx/documented.ts';
import { appRoute, programNotFound, textOf } from './app-route.ts';

const params = v.object({ program: v.pipe(v.string(), v.maxLength(200)) });

/** Telecom X app: status (how far a device is in what it plays), and log error events. */
export function appReportRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { store } = fleet;

  appRoute(
    app,
    {
      path: '/iptv/app/status/:program',
      summary: 'Status: the playback position',
      description: 'Of a programme, or of a channel where it is live.',
      params,
      fields: v.object({ position: v.pipe(v.number(), v.description('Seconds.')) }),
      answer: success,
      errors: [403, 404, 422],
    },
    (request, given) => {
      const box = authentication.box(request);
      const id = read(params, request.params).program;
      const channel = store.channels.get(id.toLowerCase());
      const isTheirs = channel?.customer === null || channel?.customer === box.customer;
      if (!isTheirs && programmesFor(store, box)(id) === undefined) throw programNotFound();
      const text = textOf(given, 'position', 20);
      const position = text !== undefined && /^\d{1,9}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
      if (position === undefined) throw invalid('position', 'Invalid position');
      store.appDevices.setPosition(box.id, channel === undefined ? id : channel.id, position, Date.now());
      return { success: true };
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/log',
      summary: 'Log error events',
      fields: v.object({
        event: v.optional(v.pipe(v.unknown(), v.description('One event: a text or an object.'))),
        events: v.optional(v.pipe(v.array(v.unknown()), v.description('Several.'))),
      }),
      answer: success,
      errors: [403, 422],
    },
    (request, given) => {
      const box = authentication.box(request);
      const events = Array.isArray(given.events) ? given.events : [given.event];
      const { perRequest, bytes, kept } = headendLimits.logEvents;
      const isGood = (event: unknown) =>
        event !== undefined && event !== null && event !== '' && JSON.stringify(event).length <= bytes;
      if (events.length === 0 || events.length > perRequest || !events.every(isGood)) {
        throw invalid('events', 'Events is missing or invalid');
      }
      store.transaction(() => {
        for (const event of events) store.appDevices.logEvent(box.id, event, Date.now(), kept);
      });
      return { success: true };
    },
  );
}
