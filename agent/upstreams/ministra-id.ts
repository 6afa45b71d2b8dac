/** The ids of actions that come from a portal. They say all that is needed to confirm an event, also after a crash. */
import { createHash, randomBytes } from 'node:crypto';
import type { PortalEvent } from './ministra-events.ts';

/** What an action's id says about the event it was made of. */
export type Origin = {
  eventId: string;
  /** The id without how often it was shown: the same each time the portal hands the event out. */
  message: string;
  /** The portal waits for a confirmation. */
  confirm: boolean;
  /** The message was to go by itself. */
  hides: boolean;
  /** The box is to restart after it. */
  reboot: boolean;
};

const prefix = 'ministra:';
const pattern = /^(ministra:([A-Za-z0-9_-]{1,12}):([a-z-]+):[0-9a-f]{12})(?::\d+)?$/;

/**
 * The id of an event's action: the same for every delivery of the event, another for another event, also where a portal that was installed anew counts its
 * ids from 1 again. `shown` is how often it was on the screen in vain; each time is an action of its own.
 */
export function actionId(portal: string, event: PortalEvent, shown: number): string {
  const { id, name, text, url, sentAt } = event;
  const hash = createHash('sha256').update(JSON.stringify([portal, id, name, text, url, sentAt]));
  const flags = [event.needConfirm && 'confirm', event.hideSeconds > 0 && 'hides', event.rebootAfter && 'reboot'];
  const words = flags.filter((flag) => flag !== false).join('-') || 'command';
  const message = `${prefix}${id}:${words}:${hash.digest('hex').slice(0, 12)}`;
  return shown === 0 ? message : `${message}:${shown + 1}`;
}

/** The restart that follows a message; another id than the message's, and as constant. */
export function rebootId({ message, eventId }: Origin): string {
  return `${prefix}${eventId}:after:${message.slice(-12)}`;
}

/** A new id for what no event says, but the profile. */
export function profileActionId(): string {
  return `${prefix}profile:command:${randomBytes(6).toString('hex')}`;
}

/** Where an action came from; undefined for one that no portal sent. */
export function originOf(action: string | null): Origin | undefined {
  const match = pattern.exec(action ?? '');
  if (!match) return undefined;
  const [, message = '', eventId = '', words = ''] = match;
  const flags = words.split('-');
  const has = (flag: string) => flags.includes(flag);
  return { eventId, message, confirm: has('confirm'), hides: has('hides'), reboot: has('reboot') };
}
