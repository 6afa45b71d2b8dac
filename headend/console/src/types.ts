/** What the headend's API answers, and what the headend decides by. */
import type { InferOutput } from 'valibot';
import type { Report, Telemetry } from '../../../agent/protocol/messages.ts';
import type { ActionType } from '../../../agent/protocol/params.ts';
import type { actionView, boxView } from '../../api/stb/views.ts';
import { type Role, roles } from '../../roles.ts';
import { type ActionState, actionStates, endedStates, failedStates, hasEnded } from '../../store/action-states.ts';
import type { Channel as StoredChannel } from '../../store/channels.ts';
import type { Customer } from '../../store/customers.ts';
import type { Group as StoredGroup } from '../../store/groups.ts';
import type { User } from '../../store/users.ts';

export type { ActionState, ActionType, Customer, Report, Role, Telemetry, User };
export { actionStates, endedStates, failedStates, hasEnded, roles };

export type Group = StoredGroup & { boxes: number };
export type Channel = Omit<StoredChannel, 'epgId' | 'catchUp'>;

export type Playing = NonNullable<Telemetry['playing']>;

/** One box, whole. */
export type Box = Omit<InferOutput<typeof boxView>, 'playing'> & { playing: Playing | null };

export type Action = Omit<InferOutput<typeof actionView>, 'type' | 'progress'> & {
  type: ActionType;
  progress: { percent?: number; phase?: string } | null;
};
export type ActionWithReports = Action & { reports: (Report & { receivedAt: string })[] };

/** One page of a list. */
export type Page<T> = { offset: number; limit: number; total: number; items: T[] };
