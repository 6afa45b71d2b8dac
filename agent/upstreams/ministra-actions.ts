/** Which action a portal's event is; pure. */
import { limits } from '../protocol/limits.ts';
import type { ActionMessage } from '../protocol/messages.ts';
import type { BoxActionType } from '../protocol/params.ts';
import type { PortalEvent } from './ministra-events.ts';
import { actionId } from './ministra-id.ts';

/** What an event's action needs to know beside the event. */
export type EventContext = {
  /** The portal and the box, for the id. */
  portal: string;
  mac: string;
  serial: string;
  /** `update_url` of the profile. */
  updateUrl: string | undefined;
  /** How often the message was on the screen in vain. */
  shown: number;
};

type Made = { type: BoxActionType; params: Record<string, unknown> };

/**
 * The events of Infomir's server, and what each is here. Parameters are handed on as they are where they are wrong, so that they are refused in words and
 * stand in the journal.
 */
const makers: Record<string, (event: PortalEvent, context: EventContext) => Made> = {
  send_msg: (event, context) => message(event, context, event.url === '' ? 'MESSAGE' : 'MESSAGE_VIDEO'),
  // The protocol has no video without a message; whoever wants one sends a blank.
  send_msg_with_video: (event, context) =>
    isBlank(event.text) ? { type: 'VIDEO', params: { video: event.url } } : message(event, context, 'MESSAGE_VIDEO'),
  send_msg_with_url: (event, context) => message(event, context, 'MESSAGE_URL'),
  reboot: plain('REBOOT'),
  reload_portal: plain('UI'),
  update_channels: plain('CHANNELS'),
  update_subscription: plain('CHANNELS'),
  play_channel: ({ text }) => ({ type: 'PLAYNUMBER', params: { number: numberIn(text) } }),
  play_radio_channel: ({ text }) => ({ type: 'PLAYRADIONUMBER', params: { number: numberIn(text) } }),
  update_image: (_event, { updateUrl }) => ({ type: 'FIRMWARE', params: updateUrl ? { firmware: updateUrl } : {} }),
  show_menu: plain('SHOW_MENU'),
  cut_off: ({ text }) => ({ type: 'CUT_OFF', params: text === '' ? {} : { message: text } }),
  cut_on: plain('CUT_ON'),
  update_epg: plain('EPG'),
  update_modules: plain('MODULES'),
  mount_all_storages: plain('STORAGES'),
};

/**
 * An event as an action. An unknown one becomes an action of a type that no box has, so that it is refused and seen in the journal; it never becomes one
 * of the known types by its name.
 */
export function toAction(event: PortalEvent, context: EventContext): ActionMessage {
  const make = Object.hasOwn(makers, event.name) ? makers[event.name] : undefined;
  const { type, params } = make?.(event, context) ?? { type: `portal event ${event.name}`.slice(0, 64), params: {} };
  return { v: 1, kind: 'action', id: actionId(context.portal, event, context.shown), type, params };
}

function plain(type: BoxActionType): () => Made {
  return () => ({ type, params: {} });
}

/** A message with what follows it. One that does not hide by itself stays until the viewer closes it, as far as a message may. */
function message(event: PortalEvent, { mac, serial }: EventContext, type: Made['type']): Made {
  const { min, max } = limits.messageSeconds;
  const duration = event.hideSeconds === 0 ? max : Math.min(max, Math.max(min, event.hideSeconds));
  const follows = { MESSAGE_VIDEO: { video: event.url }, MESSAGE_URL: { url: event.url } };
  // The portal's page replaces the first of each.
  const text = event.text.replace('%mac%', () => mac).replace('%sn%', () => serial);
  return { type, params: { message: text, duration, ...(type in follows && follows[type as keyof typeof follows]) } };
}

function isBlank(html: string): boolean {
  return html.replace(/<[^>]*>|&nbsp;|\s/g, '') === '';
}

function numberIn(text: string): number | string {
  return /^\d{1,6}$/.test(text) ? Number(text) : text;
}
