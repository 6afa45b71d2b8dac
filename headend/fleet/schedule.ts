import { newId } from '../../agent/protocol/id.ts';
import type { BoxActionType } from '../../agent/protocol/params.ts';
import type { FollowUp } from '../store/actions.ts';
import type { Store } from '../store/store.ts';
import type { Counters } from './counters.ts';
import type { FleetEvents } from './events.ts';

/** One action for many boxes. `params` are validated; times are milliseconds. */
export type ActionRequest = {
  boxes: readonly string[];
  type: BoxActionType;
  params: Record<string, unknown>;
  when?: number | undefined;
  expires?: number | undefined;
  spread?: number | undefined;
  createdBy: string | null;
  /** Made also where the same one waits: each request of Ministra's API is an event of its own. */
  always?: boolean;
  /** What is made for the box when this is done. */
  followUp?: FollowUp;
};

/** The ids of the new actions, and of the identical ones for whose sake a box was skipped. */
export type Scheduled = { created: string[]; skipped: string[] };

/** The action of a box, new or found waiting. */
export type Made = { id: string; box: string; isNew: boolean };

export type Scheduler = {
  /**
   * Makes the actions of a request, one per box, all or none, and resolves when they are on disk. A box for which the same action, with the same parameters and
   * the same `when`, is scheduled and not yet started is skipped (Telecom X group action: "already been scheduled … will be skipped").
   */
  schedule(request: ActionRequest): Promise<Scheduled>;
  /** The same within the caller's transaction; what it returns is to be given to `announce` when that is committed. */
  make(request: ActionRequest): Made[];
  /** Sends what was made, and tells whoever watches. */
  announce(made: readonly Made[]): void;
};

export function createScheduler(parts: {
  store: Store;
  events: FleetEvents;
  counters: Counters;
  wake(box: string): void;
}): Scheduler {
  const { store, events, counters } = parts;

  function make(request: ActionRequest): Made[] {
    const now = Date.now();
    const params = JSON.stringify(request.params);
    const { type, createdBy } = request;
    const when = request.when ?? null;
    const expires = request.expires ?? null;
    const spread = request.spread ?? null;
    const followUp = request.followUp ?? null;
    let first: number | null = null;
    return [...new Set(request.boxes)].map((box) => {
      const twin = request.always ? undefined : store.actions.twin({ box, type, params, when });
      if (twin !== undefined) return { id: twin, box, isNew: false };
      const id = newId(now);
      const action = { id, box, type, params, createdBy, when, expires, spread, followUp, request: first };
      const seq = store.actions.insert(action, now);
      first ??= seq;
      return { id, box, isNew: true };
    });
  }

  function announce(made: readonly Made[]): void {
    const created = made.filter(({ isNew }) => isNew);
    counters.actionsCreated += created.length;
    counters.actionsSkipped += made.length - created.length;
    for (const { id, box } of created) {
      events.publish({ event: 'action', box, action: id });
      parts.wake(box);
    }
  }

  return {
    async schedule(request) {
      const made = await store.commit(() => make(request));
      announce(made);
      const ids = (isNew: boolean) => made.filter((each) => each.isNew === isNew).map(({ id }) => id);
      return { created: ids(true), skipped: ids(false) };
    },
    make,
    announce,
  };
}
