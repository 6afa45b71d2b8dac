import type { Logger } from 'pino';
import { encode, isLast, type Report } from '../protocol/messages.ts';
import type { UpstreamLink } from '../upstream.ts';
import { objectIn } from './ministra-answer.ts';
import { type Origin, rebootId } from './ministra-id.ts';
import type { Memory } from './ministra-memory.ts';
import { type ConfirmWhen, isOnScreen, isShown, receiptFor } from './ministra-receipt.ts';

/**
 * Turns the reports of actions into what a portal can be told, which is that a message was seen.
 *
 * INVARIANTS
 * - The last report of an action is acknowledged here, and only after the portal was told what it is to be told and what follows is on disk. Until then
 *   it stays in the journal and comes again, also after a crash; each step may be done twice.
 * - A message is confirmed only after it was shown, or read, as it is configured, or when showing it is given up.
 */
export interface Confirmations {
  /** Rejects when the portal could not be told. */
  take(report: Report, origin: Origin): Promise<void>;
  /** The event whose message is on the screen until the viewer has read it; undefined for none. */
  onScreen(): string | undefined;
}

export function createConfirmations(options: {
  when: ConfirmWhen;
  memory: Memory;
  log: Logger;
  link: UpstreamLink;
  call(asked: string, params: Record<string, string>): Promise<unknown>;
  /** The portal was told, and hands out what was behind the message. */
  confirmed(): void;
}): Confirmations {
  const { when, memory, log, link } = options;
  /** The actions whose message is on the screen, the newest last. */
  const shown = new Map<string, Origin>();
  const confirmedEvents = new Set<string>();
  /** The last report of how far each action is. */
  const heard = new Map<string, string>();

  async function confirm(origin: Origin): Promise<void> {
    const { eventId, message } = origin;
    if (confirmedEvents.has(message)) return;
    const asked = 'watchdog confirm_event';
    const js = await options.call(asked, { event_active_id: eventId });
    // An empty body is how some panels answer an event that they have forgotten.
    if (js !== undefined) objectIn(js, asked);
    confirmedEvents.add(message);
    await memory.settled(message);
    log.info({ event: eventId }, 'message confirmed to the portal');
    options.confirmed();
  }

  async function end(report: Report, origin: Origin): Promise<void> {
    const { message, eventId } = origin;
    const receipt = receiptFor(report, origin, when, memory.timesInVain(message));
    if (receipt === 'give up') {
      log.warn(
        { event: eventId, error: report.error },
        'the message cannot be shown; it is confirmed all the same, for it would hide every later one',
      );
    }
    if (receipt === 'again') {
      log.info(
        { event: eventId, state: report.state },
        'the message was not seen to its end; it is shown when it comes again',
      );
      await memory.shownInVain(message);
    } else {
      if (receipt !== 'nothing') await confirm(origin);
      if (origin.reboot)
        await link.receive(encode({ v: 1, kind: 'action', id: rebootId(origin), type: 'REBOOT', params: {} }));
    }
    await link.receive(encode({ v: 1, kind: 'ack', report: report.report }));
    confirmedEvents.delete(message);
  }

  /** Confirms a message that the portal waits for, where it is enough that it is on the screen. */
  async function confirmShown(report: Report, origin: Origin): Promise<void> {
    const id = report.id ?? '';
    if (isOnScreen(report)) shown.set(id, origin);
    // The same report answers an event that came again: the portal did not hear its confirmation.
    if (heard.get(id) === report.report) confirmedEvents.delete(origin.message);
    heard.set(id, report.report);
    if (isShown(report, when)) await confirm(origin);
  }

  return {
    async take(report, origin) {
      const id = report.id ?? '';
      if (isLast(report)) {
        shown.delete(id);
        heard.delete(id);
        return end(report, origin);
      }
      if (origin.confirm) await confirmShown(report, origin);
      if (report.open) await link.receive(encode({ v: 1, kind: 'ack', report: report.report }));
    },
    onScreen() {
      if (when === 'shown') return undefined;
      return [...shown.values()].findLast(({ message }) => !confirmedEvents.has(message))?.eventId;
    },
  };
}
