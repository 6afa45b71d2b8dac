import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createAdmission } from '../../ministra/admission.ts';
import { createEventQueue } from '../../ministra/event-queue.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import { toJson } from '../ministra/answer.ts';
import type { Calls } from './calls.ts';
import { refusal } from './gates.ts';
import { itvCalls } from './itv.ts';
import { page } from './page.ts';
import { radioCalls } from './radio.ts';
import { readPortalRequest } from './request.ts';
import { stbCalls } from './stb.ts';
import { createWatchdog, watchdogCalls } from './watchdog.ts';

/** What a browser between the headend and a box shall not keep, in Ministra's words. */
const headers = {
  Expires: 'Thu, 01 Jan 1970 00:00:00 GMT',
  Pragma: 'no-cache',
  'Cache-Control': 'no-store, no-cache, must-revalidate',
};

/** Ministra for boxes: `load.php`, where protocol errors are plain text with the HTTP status 200, and a page for people. */
export async function portalRoutes(app: FastifyInstance, ministra: Ministra): Promise<void> {
  if (!ministra.settings.boxes) return;
  const { store } = ministra.fleet;
  const queue = createEventQueue(ministra);
  const getEvents = createWatchdog(ministra, queue);
  const types: Record<string, Calls> = {
    stb: stbCalls(ministra, createAdmission(ministra)),
    watchdog: watchdogCalls(queue),
    itv: itvCalls(ministra),
    radio: radioCalls(ministra),
    remote_pvr: { get_active_recordings: () => [] },
    epg: {},
    account_info: {},
  };

  async function load(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const startedAt = performance.now();
    const asked = readPortalRequest(store, request);
    reply.headers(headers);
    const refused = refusal(store, asked);
    if (refused !== undefined) return reply.type('text/html; charset=UTF-8').send(refused);
    const send = (js: unknown) => {
      const text = `generated in: ${((performance.now() - startedAt) / 1000).toFixed(3)}s;`;
      return reply.type('application/json').send(toJson({ js, text }));
    };
    const { type, action, box } = asked;
    if (type === 'watchdog' && action === 'get_events') {
      const { js, handedOut } = await getEvents(asked);
      if (handedOut !== undefined) watch(reply, handedOut);
      return send(js);
    }
    const calls = Object.hasOwn(types, type) ? types[type] : undefined;
    const call = calls !== undefined && Object.hasOwn(calls, action) ? calls[action] : undefined;
    if (call === undefined) ministra.log.debug({ box: box?.id, type, action }, 'a box asked for what there is not');
    return send(call === undefined ? false : await call(asked));
  }

  /** Notes whether the answer with an event has left, when that is known. */
  function watch(reply: FastifyReply, { box, action }: { box: string; action: string }): void {
    const settle = (left: boolean) =>
      queue
        .answered(box, action, left)
        .catch((error: unknown) => ministra.log.warn({ box, action, error: String(error) }, 'an event was not noted'));
    if (reply.raw.destroyed) void settle(false);
    else reply.raw.once('close', () => settle(reply.raw.writableFinished));
  }

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
    scope.route({
      method: ['GET', 'POST'],
      url: '/stalker_portal/server/load.php',
      schema: { hide: true },
      handler: load,
    });
    scope.get('/stalker_portal', { schema: { hide: true } }, (_request, reply) => reply.redirect('/stalker_portal/c/'));
    for (const url of ['/stalker_portal/c', '/stalker_portal/c/index.html']) {
      scope.get(url, { schema: { hide: true } }, (_request, reply) =>
        reply
          .header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'")
          .type('text/html; charset=utf-8')
          .send(page),
      );
    }
  });
}
