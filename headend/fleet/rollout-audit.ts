import { abridge } from '../abridge.ts';
import type { Actor } from '../store/audit.ts';
import type { Rollout } from '../store/rollouts.ts';
import type { Store } from '../store/store.ts';

/**
 * Writes into the audit what a rollout has done by itself: its next wave, that it stopped, that it is done or rolled back. To be called within
 * the transaction that did it, with the rollout as it was and as it is: so each is there once, at whatever moment the headend ends.
 */
export function createRolloutAudit({ audit, users }: Store): (before: Rollout, after: Rollout, now: number) => void {
  return (before, after, now) => {
    const { id, name, state, wave, reason, createdBy } = after;
    const write = (what: string, given: Record<string, unknown>) => {
      const entry = { actor: actorOf(createdBy), call: `rollout ${what}`, type: null, target: `${name} (${id})` };
      audit.end({ status: 200, outcome: {} }, audit.add({ ...entry, given }, now), now);
    };
    if (wave !== before.wave) write('wave', { wave: wave + 1 });
    if (state !== before.state) write(state, reason === null ? {} : { reason: abridge(reason) });
  };

  /** The headend, seen by those who see what was asked by whoever began the rollout. */
  function actorOf(user: string | null): Actor {
    const { role, customer } = (user === null ? undefined : users.get(user)) ?? { role: null, customer: null };
    return { kind: 'headend', id: null, name: 'Headend', role, customer, token: null, address: '' };
  }
}
