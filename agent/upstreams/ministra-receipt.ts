/** What a portal is told when an action has ended; pure. It knows a confirmation and nothing else. */
import type { Report } from '../protocol/messages.ts';
import type { Origin } from './ministra-id.ts';
import { ministraLimits } from './ministra-limits.ts';

/** `shown`: confirmed once it is on the screen. `read`: once the viewer has closed it, or it has gone when it was to go. */
export type ConfirmWhen = 'shown' | 'read';

/**
 * `nothing`: the portal waits for nothing. `confirm`: it is told. `again`: it is not told, hands the message out again, and it is shown once more. `give up`: it is
 * told although the viewer saw nothing, because a message that is not confirmed hides all that come after it.
 */
export type Receipt = 'nothing' | 'confirm' | 'again' | 'give up';

/** `timesInVain` is how often the message was shown before. */
export function receiptFor(report: Report, origin: Origin, when: ConfirmWhen, timesInVain: number): Receipt {
  if (!origin.confirm) return 'nothing';
  if (!report.type?.startsWith('MESSAGE')) return 'confirm';
  const ended = report.result?.ended;
  if (ended === 'dismissed') return 'confirm';
  if (ended === 'timeout') return when === 'shown' || origin.hides ? 'confirm' : 'again';
  if (ended === 'interrupted') return when === 'shown' ? 'confirm' : 'again';
  if (report.error?.retryable && timesInVain + 1 < ministraLimits.messageTries) return 'again';
  return 'give up';
}

/** Whether a report says that a message which the portal waits for is on the screen, so that it may be confirmed. */
export function isShown(report: Report, when: ConfirmWhen): boolean {
  // What follows a message begins when the viewer has closed it.
  const { phase } = report.progress ?? {};
  return phase === 'playing' || phase === 'opening' || (isOnScreen(report) && when === 'shown');
}

/** Whether a report says that a message is on the screen. */
export function isOnScreen({ open, progress }: Report): boolean {
  return open === true || progress?.phase === 'shown';
}
