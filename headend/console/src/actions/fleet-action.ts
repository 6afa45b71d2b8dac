import type { ActionState, ActionType } from '../types.ts';

/** What was asked of many boxes at once, as `GET /stb/v1/fleet-actions` answers it. */
export type FleetAction = {
  seq: number;
  id: string;
  type: ActionType;
  params: Record<string, unknown>;
  createdAt: string;
  createdBy: string | null;
  when: string | null;
  expires: string | null;
  total: number;
  states: Partial<Record<ActionState, number>>;
};

export type Reason = { state: ActionState; code: string | null; message: string | null; count: number };
export type WholeFleetAction = FleetAction & { reasons: Reason[] };

/** How far it is: what an operator wants to tell apart. */
export type Progress = Record<'done' | 'running' | 'planned' | 'waiting' | 'failed' | 'cancelled', number>;

/** What a box has accepted for later is planned until its time has come. */
export function progressOf({ states, when }: Pick<FleetAction, 'states' | 'when'>, now: number): Progress {
  const isLater = when !== null && Date.parse(when) > now;
  const sum = (...names: ActionState[]) => names.reduce((total, name) => total + (states[name] ?? 0), 0);
  return {
    done: sum('done'),
    running: isLater ? sum('started') : sum('accepted', 'started'),
    planned: isLater ? sum('accepted') : 0,
    waiting: sum('queued', 'delivered'),
    failed: sum('failed', 'refused', 'expired'),
    cancelled: sum('cancelled'),
  };
}

/** What `POST …/repeat` answers: the first of the new actions, for how many boxes. */
export type Repeated = { id: string | null; boxes: number; skipped: number };
