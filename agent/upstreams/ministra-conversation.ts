import { PortalError } from './ministra-answer.ts';
import type { Params, Portal } from './ministra-request.ts';
import type { Session } from './ministra-session.ts';

/** The talk with a portal within one session. */
export interface Conversation {
  readonly session: Session;
  /** Calls an action with the session's token. An answer that says that the session is over ends the conversation. */
  call(asked: string, params?: Params, signal?: AbortSignal): Promise<unknown>;
  /** Throws what has ended the conversation, once something has. */
  throwIfOver(): void;
}

/** `ended` is called when an answer has ended it. */
export function converse(portal: Portal, session: Session, ended: () => void): Conversation {
  let over: PortalError | undefined;
  return {
    session,
    async call(asked, params, signal) {
      try {
        return await portal.call(asked, params, { token: session.token, ...(signal && { signal }) });
      } catch (error) {
        if (error instanceof PortalError && (error.kind === 'token' || error.kind === 'denied')) {
          over ??= error;
          ended();
        }
        throw error;
      }
    },
    throwIfOver() {
      if (over) throw over;
    },
  };
}
