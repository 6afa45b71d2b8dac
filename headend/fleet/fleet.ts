import type { Logger } from 'pino';
import type { HeadendMessage } from '../../agent/protocol/messages.ts';
import { headendLimits } from '../limits.ts';
import type { Action } from '../store/actions.ts';
import type { Store } from '../store/store.ts';
import { type Access, createAccess } from './access.ts';
import { createCancel } from './cancel.ts';
import { type Counters, createCounters } from './counters.ts';
import { createDelivery, type Delivery } from './delivery.ts';
import { createFleetEvents, type FleetEvents } from './events.ts';
import { createGuesses, type Guesses } from './guesses.ts';
import { createInbox, type Inbox, type Received } from './inbox.ts';
import { createLineupChanges, type LineupChanges } from './lineup-changes.ts';
import { type BoxLink, createPresence, type Presence } from './presence.ts';
import { createReservations, type Reservations } from './reservations.ts';
import { createRollouts, type Rollouts } from './rollouts.ts';
import { type ActionRequest, createScheduler, type Scheduled } from './schedule.ts';
import { createUploads, type Uploads } from './uploads.ts';

/** An open push link, as an upstream's server side sees it. */
export type Connection = {
  /** Takes a message of the box, and acknowledges it over the link where it is a final report. */
  receive(bytes: Uint8Array): Promise<Received>;
  close(): void;
};

/** The boxes and what happens to them: the headend without its wires. */
export type Fleet = {
  store: Store;
  access: Access;
  events: FleetEvents;
  counters: Counters;
  presence: Presence;
  delivery: Delivery;
  inbox: Inbox;
  uploads: Uploads;
  lineups: LineupChanges;
  reservations: Reservations;
  guesses: Guesses;
  rollouts: Rollouts;
  schedule(request: ActionRequest): Promise<Scheduled>;
  /** Cancels an action: at once when no box has seen it, else by asking the box. Throws 409 when it has ended. */
  cancel(id: string): Action;
  /** A box has opened a push link. */
  connect(link: BoxLink): Connection;
  close(): Promise<void>;
};

/** How soon what was not accepted is sent again, and how often that and expiry are looked at. */
export type FleetPace = { resendMs: number; sweepMs: number };

export function createFleet(parts: { store: Store; artifactsDir: string; log: Logger; pace?: FleetPace }): Fleet {
  const { store, log, pace = headendLimits } = parts;
  const events = createFleetEvents();
  const counters = createCounters();
  const presence = createPresence(events);
  const delivery = createDelivery({ store, presence, events, counters, log, resendMs: pace.resendMs });
  const inbox = createInbox({ store, events, counters, log, wake: delivery.wake });
  const uploads = createUploads(parts.artifactsDir, store);
  const scheduler = createScheduler({ store, events, counters, wake: delivery.wake });
  const cancel = createCancel({ store, events, wake: delivery.wake });
  const { schedule } = scheduler;
  const rollouts = createRollouts({ store, events, presence, scheduler, cancel, log: log.child({ part: 'rollout' }) });
  const lineups = createLineupChanges({ store, schedule, log: log.child({ part: 'lineup' }) });
  const stopSweep = every(pace.sweepMs, log, sweep);
  const stopRetention = every(headendLimits.retentionMs, log, retain);

  /** Ends what nobody will run any more, sends again what was not accepted, and tells boxes of a line-up that time has changed. */
  async function sweep(): Promise<void> {
    for (const { box, id } of store.actions.expire(Date.now())) events.publish({ event: 'action', box, action: id });
    delivery.sweep();
    await lineups.sweep();
  }

  async function retain(): Promise<void> {
    await uploads.clean(await store.retain(Date.now()));
  }

  return {
    store,
    access: createAccess(store),
    events,
    counters,
    presence,
    delivery,
    inbox,
    uploads,
    lineups,
    reservations: createReservations(),
    guesses: createGuesses(),
    rollouts,
    schedule,

    cancel,

    connect(link) {
      const detach = presence.attach(link);
      let greeted = false;
      delivery.wake(link.box);
      return {
        async receive(bytes) {
          presence.heard(link);
          const received = await inbox.receive(link.box, link.upstream, bytes);
          if (!received.ok) return received;
          if (received.final && received.report !== undefined) await acknowledge(link, received.report, log);
          // What was sent since the link was opened has not been lost; after a second hello it may have been.
          if (received.kind === 'hello' && greeted) delivery.renewed(link.box);
          if (received.kind === 'hello') greeted = true;
          return received;
        },
        close: detach,
      };
    },

    async close() {
      stopSweep();
      stopRetention();
      await rollouts.close();
      presence.close();
    },
  };
}

/** The box repeats its report until it hears this, so a broken link costs nothing. */
async function acknowledge(link: BoxLink, report: string, log: Logger): Promise<void> {
  const message: HeadendMessage = { v: 1, kind: 'ack', report };
  await link
    .send(message)
    .catch((error: unknown) => log.debug({ box: link.box, error: String(error) }, 'ack not sent'));
}

/** Runs `work` again and again; a failure (a full disk) is logged and the next turn tries again. */
function every(ms: number, log: Logger, work: () => Promise<void>): () => void {
  let running = false;
  const timer = setInterval(() => {
    if (running) return;
    running = true;
    work()
      .catch((error: unknown) => log.error({ error: String(error) }, 'housekeeping failed; it is tried again'))
      .finally(() => {
        running = false;
      });
  }, ms);
  timer.unref();
  return () => clearInterval(timer);
}
