/** The states of an action, in the order it goes through them. The console has them from here, too. */
const openStates = ['queued', 'delivered', 'accepted', 'started'] as const;
export const endedStates = ['done', 'failed', 'expired', 'cancelled', 'refused'] as const;
export const actionStates = [...openStates, ...endedStates] as const;
export type ActionState = (typeof actionStates)[number];

/** What counts as not done, and can be asked for once more; what somebody has cancelled is not wanted. */
export const failedStates: readonly ActionState[] = ['failed', 'refused', 'expired'];

/** Whether an action has ended. */
export function hasEnded(state: ActionState): boolean {
  return (endedStates as readonly ActionState[]).includes(state);
}
