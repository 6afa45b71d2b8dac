import { limits } from '../../agent/protocol/limits.ts';
import type { BoxActionType } from '../../agent/protocol/params.ts';
import type { Action } from '../store/actions.ts';
import { confirmedTypes } from '../store/portal-events.ts';
import type { Store } from '../store/store.ts';

/** An action as an event of the portal's protocol. */
export type PortalEvent = {
  event: string;
  msg: string;
  /** An address that follows a message. */
  param1: string;
  needConfirm: boolean;
  rebootAfterOk: boolean;
  /** Seconds after which a message goes by itself; 0 for never. */
  autoHideSeconds: number;
};

/** What an action asks for, as far as its event depends on it. */
export type Asked = Pick<Action, 'type' | 'params'> & Partial<Pick<Action, 'followUp'>>;

type Params = Record<string, unknown>;
type Made = Partial<PortalEvent> & { event: string };

/**
 * What each type is there. A type that is not listed has no event: Ministra's protocol cannot ask a box for it. `undefined` is an action that has none
 * because of its parameters.
 */
const makers: Partial<Record<BoxActionType, (params: Params, store: Store) => Made | undefined>> = {
  MESSAGE: (params) => ({ event: 'send_msg', msg: text(params.message), autoHideSeconds: hideAfter(params) }),
  MESSAGE_VIDEO: (params) => withAddress('send_msg_with_video', params, params.video),
  MESSAGE_URL: (params) => withAddress('send_msg_with_url', params, params.url),
  // The protocol shows a video after a message only; where there is none, an empty one makes room at once.
  VIDEO: (params) =>
    params.message === undefined
      ? { ...withAddress('send_msg_with_video', { message: '&nbsp;' }, params.video), autoHideSeconds: 1 }
      : withAddress('send_msg_with_video', params, params.video),
  REBOOT: () => ({ event: 'reboot' }),
  UI: () => ({ event: 'reload_portal' }),
  // What its API calls update_channels travels under this name.
  CHANNELS: () => ({ event: 'update_subscription' }),
  PLAYCHANNEL: ({ channel }, store) => play('play_channel', store, channel),
  PLAYRADIOCHANNEL: ({ radiochannel }, store) => play('play_radio_channel', store, radiochannel),
  PLAYNUMBER: ({ number }) => ({ event: 'play_channel', msg: String(number) }),
  PLAYRADIONUMBER: ({ number }) => ({ event: 'play_radio_channel', msg: String(number) }),
  // The address of the image is in the profile; an event cannot carry another one.
  FIRMWARE: ({ firmware }) => (firmware === undefined ? { event: 'update_image' } : undefined),
  SHOW_MENU: () => ({ event: 'show_menu' }),
  CUT_OFF: ({ message }) => ({ event: 'cut_off', msg: text(message) }),
  CUT_ON: () => ({ event: 'cut_on' }),
  EPG: () => ({ event: 'update_epg' }),
  MODULES: () => ({ event: 'update_modules' }),
  STORAGES: () => ({ event: 'mount_all_storages' }),
};

/** The types that have an event. */
export const portalTypes = Object.keys(makers) as BoxActionType[];

/** The event of an action; undefined when the portal's protocol cannot ask for it. */
export function toPortalEvent(store: Store, { type, params, followUp }: Asked): PortalEvent | undefined {
  const made = makers[type]?.(params, store);
  if (made === undefined) return undefined;
  return {
    msg: '',
    param1: '',
    autoHideSeconds: 0,
    ...made,
    needConfirm: confirmedTypes.includes(type),
    rebootAfterOk: followUp === 'REBOOT',
  };
}

function withAddress(event: string, params: Params, address: unknown): Made {
  return { event, msg: text(params.message), param1: text(address), autoHideSeconds: hideAfter(params) };
}

/** The longest that a message may stay is until the viewer closes it. */
function hideAfter({ duration }: Params): number {
  const seconds = typeof duration === 'number' ? duration : limits.messageSeconds.default;
  return seconds >= limits.messageSeconds.max ? 0 : Math.ceil(seconds);
}

function play(event: string, store: Store, id: unknown): Made | undefined {
  const channel = store.channels.get(text(id));
  return channel && { event, msg: String(channel.number) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
