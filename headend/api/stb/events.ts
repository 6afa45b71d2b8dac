import type { FastifyInstance } from 'fastify';
import type { FleetEvent } from '../../fleet/events.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { headendLimits } from '../../limits.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { viewRollout } from './rollout-views.ts';
import { viewAction, viewBox } from './views.ts';

/** `GET /stb/v1/events`: what happens to the boxes that the caller sees, as server-sent events `box`, `action`, `report` and `rollout`. */
export function eventRoute(app: FastifyInstance, { fleet, authentication, log }: ApiContext): void {
  app.get(
    '/stb/v1/events',
    describe({
      tag: 'Fleet',
      summary: 'Live events',
      description:
        'Server-sent events: `box` and `action` carry the whole box or action, `report` the report as it came, `rollout` a rollout without its boxes; `alive` comes at once and again within `nextMs`.',
      errors: [403],
    }),
    (request, reply) => {
      const readScope = () => new Set(fleet.access.scope(authentication.user(request)));
      let scope = readScope();
      let readAt = performance.now();
      if (request.method === 'HEAD') {
        reply.type('text/event-stream').send();
        return;
      }
      reply.hijack();
      const stream = reply.raw;
      stream.writeHead(200, {
        'Content-Type': 'text/event-stream',
        'Cache-Control': 'no-store',
        'X-Accel-Buffering': 'no',
      });
      const sayAlive = () => {
        stream.write(`event: alive\ndata: {"nextMs":${headendLimits.eventHeartbeatMs}}\n\n`);
      };
      sayAlive();

      /** A stream outlives what its reader may see: false where the token is no longer good, and the stream then ends. */
      const isAllowed = () => {
        if (performance.now() - readAt < headendLimits.eventRightsMs) return true;
        try {
          scope = readScope();
          readAt = performance.now();
          return true;
        } catch {
          stream.end();
          return false;
        }
      };
      const unsubscribe = fleet.events.subscribe((event) => {
        if (stream.writableEnded || !isAllowed()) return;
        const data = event.event === 'rollout' ? rolloutOf(fleet, scope, event.rollout) : dataOf(fleet, scope, event);
        if (data !== undefined) stream.write(`event: ${event.event}\ndata: ${JSON.stringify(data)}\n\n`);
        if (stream.writableLength > headendLimits.eventBacklogBytes) {
          log.warn({ bytes: stream.writableLength }, 'a reader of the event stream is too slow, cut off');
          stream.destroy();
        }
      });
      const heartbeat = setInterval(() => {
        if (!stream.writableEnded && isAllowed()) sayAlive();
      }, headendLimits.eventHeartbeatMs);
      stream.on('error', () => stream.destroy());
      stream.on('close', () => {
        clearInterval(heartbeat);
        unsubscribe();
      });
    },
  );
}

function dataOf(fleet: Fleet, scope: ReadonlySet<string>, event: Exclude<FleetEvent, { event: 'rollout' }>): unknown {
  const box = fleet.store.boxes.get(event.box);
  if (box === undefined || !scope.has(box.customer)) return undefined;
  if (event.event === 'report') return { box: event.box, action: event.action, report: event.report };
  if (event.event === 'action') {
    const action = fleet.store.actions.get(event.action);
    return action && viewAction(fleet, action);
  }
  return box.type === 'STB' ? viewBox(fleet, box) : undefined;
}

function rolloutOf(fleet: Fleet, scope: ReadonlySet<string>, id: string): unknown {
  const rollout = fleet.store.rollouts.get(id);
  if (!rollout?.customers.some((customer) => scope.has(customer))) return undefined;
  return viewRollout(fleet, [...scope], rollout);
}
