/** A message on the screen, for actions in which something follows it. */
import { type ActionContext, need } from './action.ts';
import { AgentError, errorCode, messageOf } from './errors.ts';
import { readMessage } from './message-html.ts';

/** How a message left the screen: a part of the result. */
export type Displayed = { ended: 'dismissed' | 'timeout'; shownSeconds: number };

/** Shows a message and resolves when it has left the screen; says `shown` on the way. `seconds` is the longest it stays. */
export async function displayMessage(message: string, seconds: number, context: ActionContext): Promise<Displayed> {
  const { html } = await readMessage(message);
  let shownAt = Number.NaN;
  const shown = () => {
    shownAt = performance.now();
    context.progress({ phase: 'shown' });
  };
  const ui = need(context.platform, 'ui');
  const ended = await ui.message({ html, durationMs: seconds * 1000, shown }, context.signal);
  return { ended, shownSeconds: Math.round((performance.now() - shownAt) / 100) / 10 };
}

/** Does what follows a message; its failure carries how the message ended, for that has happened. */
export async function follow<T>(displayed: Displayed, what: () => Promise<T>): Promise<T> {
  try {
    return await what();
  } catch (cause) {
    const reason = messageOf(cause);
    throw new AgentError(errorCode(cause), `the message was shown, but then: ${reason}`, { cause, result: displayed });
  }
}
