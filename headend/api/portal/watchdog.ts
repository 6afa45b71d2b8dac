import type { EventQueue } from '../../ministra/event-queue.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import type { Box } from '../../store/boxes.ts';
import { flagText } from '../ministra/views.ts';
import type { Call, Calls } from './calls.ts';
import type { PortalRequest } from './request.ts';

/** What `get_events` answers, and the action in it, of which it has to be seen whether it left. */
export type EventAnswer = { js: unknown; handedOut?: { box: string; action: string } };

/** `type=watchdog&action=get_events`: that the box is there, and the next event for it. */
export function createWatchdog(ministra: Ministra, queue: EventQueue) {
  const { fleet, settings } = ministra;

  return async ({ box, param, ip }: PortalRequest): Promise<EventAnswer> => {
    if (box === undefined) return { js: { data: { msgs: 0, additional_services_on: '1' } } };
    const polled = fleet.presence.polled(box.id, settings.watchdog_seconds);
    try {
      const noted = [
        fleet.store.commit(() => fleet.store.portalBoxes.seen(box.id, ip)),
        fleet.inbox.heard(box.id, 'ministra'),
      ];
      await Promise.all(noted);
      // The portal's own page sends this, and a real portal does not look at it.
      const onScreen = param('event_active_id') || param('data');
      return await answer(box, /^[1-9]\d{0,14}$/.test(onScreen) ? Number(onScreen) : null);
    } finally {
      polled();
    }
  };

  async function answer(box: Box, onScreen: number | null): Promise<EventAnswer> {
    const services = flagText(fleet.store.accounts.of(box.id).additionalServices);
    const { next, waiting } = box.enabled ? await queue.poll(box, onScreen) : { next: undefined, waiting: 0 };
    if (next === undefined) return { js: { data: { msgs: 0, additional_services_on: services } } };
    const { event, msg, param1, needConfirm, rebootAfterOk, autoHideSeconds } = next.event;
    const data = {
      msgs: waiting,
      id: String(next.number),
      event,
      need_confirm: flagText(needConfirm),
      msg,
      reboot_after_ok: flagText(rebootAfterOk),
      auto_hide_timeout: String(autoHideSeconds),
      param1,
      additional_services_on: services,
    };
    return { js: { data }, handedOut: { box: box.id, action: next.id } };
  }
}

/** `type=watchdog&action=confirm_event`: the box has dealt with an event. Always ok, as often as it is said. */
export function watchdogCalls(queue: EventQueue): Calls {
  const confirm: Call = async ({ box, param }) => {
    const number = param('event_active_id') || param('data');
    if (box !== undefined && /^[1-9]\d{0,14}$/.test(number)) await queue.confirm(box.id, Number(number));
    return { data: 'ok' };
  };
  return { confirm_event: confirm };
}
