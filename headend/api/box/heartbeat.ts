import type { FastifyInstance, FastifyReply } from 'fastify';
import * as v from 'valibot';
import { invalid } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { headendLimits } from '../../limits.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { flag, read } from '../read.ts';
import { telemetryOf } from './heartbeat-statistics.ts';

const body = v.looseObject({
  token: v.optional(v.pipe(v.string(), v.description('The box token, where no header carries it.'))),
  noEvents: v.optional(v.pipe(flag, v.description('Return the actions but leave them queued.'))),
  interval: v.optional(v.pipe(v.number(), v.minValue(0), v.description('Seconds until the next poll, where known.'))),
  hello: v.optional(v.pipe(v.unknown(), v.description('The hello message of the box protocol.'))),
  telemetry: v.optional(v.pipe(v.unknown(), v.description('The telemetry message of the box protocol.'))),
});

const answer = v.object({
  success: v.boolean(),
  actions: v.array(v.looseObject({ kind: v.picklist(['action', 'cancel']) })),
});

/**
 * `POST /iptv/app/heartbeat`, as Telecom X documents it: statistics in, a list of actions out, in the words of the box protocol.
 * With `Prefer: wait=N` (RFC 7240, 4.3) the answer waits up to N seconds for an action.
 */
export function heartbeatRoute(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.post(
    '/iptv/app/heartbeat',
    describe({
      tag: 'Box',
      summary: 'Heartbeat: statistics in, actions out',
      description:
        'Takes the statistics that Telecom X documents, or `telemetry` of the box protocol; long poll by `Prefer: wait=N`.',
      body,
      answer,
      errors: [403, 422],
    }),
    async (request, reply) => {
      const box = authentication.box(request);
      const said = read(body, request.body);
      const waitSeconds = Math.min(preferredWait(request.headers.prefer), headendLimits.waitSeconds);
      const answered = fleet.presence.polled(box.id, Math.max(said.interval ?? 0, waitSeconds) || undefined);
      try {
        await listen(fleet, box.id, said);
        if (waitSeconds > 0) reply.header('Preference-Applied', `wait=${waitSeconds}`);
        const keep = said.noEvents ?? false;
        const actions = await pullOrWait(fleet, box.id, keep, waitSeconds, reply);
        return { success: true, actions };
      } finally {
        answered();
      }
    },
  );
}

/** Takes what the box says about itself. */
async function listen(fleet: Fleet, box: string, said: v.InferOutput<typeof body>): Promise<void> {
  const messages = [said.hello, said.telemetry ?? telemetryOf(said)].filter((message) => message !== undefined);
  if (messages.length === 0) return fleet.inbox.heard(box, 'heartbeat');
  for (const message of messages) {
    const received = await fleet.inbox.receive(box, 'heartbeat', Buffer.from(JSON.stringify(message)));
    if (!received.ok) throw invalid(message === said.hello ? 'hello' : 'telemetry', received.reason);
    if (received.kind === 'hello') fleet.delivery.renewed(box);
  }
}

async function pullOrWait(fleet: Fleet, box: string, keep: boolean, waitSeconds: number, reply: FastifyReply) {
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), waitSeconds * 1000);
  const gone = () => over.abort();
  reply.raw.on('close', gone);
  try {
    for (;;) {
      // Listening starts before the look into the store, so that nothing falls in between.
      const woken = fleet.delivery.waiting(box, over.signal);
      const actions = await fleet.delivery.pull(box, { keep });
      if (actions.length > 0 || waitSeconds === 0 || over.signal.aborted) return actions;
      await woken;
    }
  } finally {
    clearTimeout(timer);
    reply.raw.off('close', gone);
    over.abort();
  }
}

/** RFC 7240: a list of preferences, here only `wait=` counts. */
function preferredWait(header: string | string[] | undefined): number {
  const text = Array.isArray(header) ? header.join(',') : (header ?? '');
  return Number(/(?:^|[,;\s])wait\s*=\s*"?(\d{1,6})/i.exec(text)?.[1] ?? 0);
}
