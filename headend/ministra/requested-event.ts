import * as v from 'valibot';
import { limits } from '../../agent/protocol/limits.ts';
import { type BoxActionType, boxParamSchemas } from '../../agent/protocol/params.ts';
import type { FollowUp } from '../store/actions.ts';
import { MinistraError } from './errors.ts';

/** What an event of Ministra's API asks for, in the words of the box protocol. */
export type RequestedEvent = {
  type: BoxActionType;
  params: Record<string, unknown>;
  followUp?: FollowUp;
  /** It waits for a viewer, so that it lives longer than a command. */
  isMessage: boolean;
};

/** The fields of a request, as its form has them; empty for a missing one. */
export type EventFields = (name: string) => string;

type Made = Pick<RequestedEvent, 'type' | 'params' | 'followUp'>;

/** The events by name: those of the document, and below them those that only a portal's own tasks send, or its later versions. */
const makers: Record<string, (field: EventFields) => Made> = {
  send_msg: (field) => ({
    type: 'MESSAGE',
    params: message(field),
    ...(isOn(field('need_reboot')) ? { followUp: 'REBOOT' as const } : {}),
  }),
  send_msg_with_video: (field) => ({
    type: 'MESSAGE_VIDEO',
    params: { ...message(field), video: withoutPlayer(field('video')) },
  }),
  reboot: plain('REBOOT'),
  reload_portal: plain('UI'),
  update_channels: plain('CHANNELS'),
  play_channel: (field) => ({ type: 'PLAYNUMBER', params: { number: channelNumber(field) } }),
  play_radio_channel: (field) => ({ type: 'PLAYRADIONUMBER', params: { number: channelNumber(field) } }),
  update_image: plain('FIRMWARE'),
  show_menu: plain('SHOW_MENU'),
  cut_off: (field) => ({ type: 'CUT_OFF', params: field('msg') === '' ? {} : { message: field('msg') } }),

  cut_on: plain('CUT_ON'),
  update_subscription: plain('CHANNELS'),
  update_epg: plain('EPG'),
  update_modules: plain('MODULES'),
  send_msg_with_url: (field) => ({ type: 'MESSAGE_URL', params: { ...message(field), url: field('url') } }),
};

/** Reads an event and its fields. Throws MinistraError for an unknown one and for fields that no box could carry out. */
export function readEvent(field: EventFields): RequestedEvent {
  const name = field('event');
  const make = Object.hasOwn(makers, name) ? makers[name] : undefined;
  if (make === undefined) {
    // A real portal answers OK and false; the status is set right, the results stay what clients look for.
    throw new MinistraError(name === '' ? 'Event required' : `Unknown event "${name.slice(0, 64)}"`, false);
  }
  const made = make(field);
  const schema: v.GenericSchema<unknown, Record<string, unknown>> = boxParamSchemas[made.type];
  const checked = v.safeParse(schema, made.params, { abortEarly: true });
  if (checked.success) return { ...made, params: checked.output, isMessage: made.type.startsWith('MESSAGE') };
  const wrong = String(checked.issues[0].path?.[0]?.key ?? 'event');
  throw new MinistraError(problems[wrong] ?? `Not valid ${wrong}`);
}

/** A message of `stb_msg`. Throws MinistraError. */
export function readMessage(field: EventFields): RequestedEvent {
  return readEvent((name) => (name === 'event' ? 'send_msg' : name === 'need_reboot' ? '' : field(name)));
}

const problems: Record<string, string> = {
  number: 'Not valid channel number',
  message: `Not valid msg: it has 1 to ${limits.messageTextLength} characters`,
};

function plain(type: BoxActionType): () => Made {
  return () => ({ type, params: {} });
}

/** A message that does not hide by itself stays until the viewer closes it, as far as a message may stay at all. */
function message(field: EventFields): { message: string; duration: number } {
  const text = field('msg');
  if (text.trim() === '') throw new MinistraError('Empty msg');
  const hide = field('auto_hide_timeout');
  if (!/^\d{0,9}$/.test(hide)) throw new MinistraError('Not valid auto_hide_timeout');
  const { max } = limits.messageSeconds;
  return { message: text, duration: Number(hide) === 0 ? max : Math.min(max, Number(hide)) };
}

function channelNumber(field: EventFields): number | string {
  const text = field('channel').trim();
  return /^\d{1,6}$/.test(text) ? Number(text) : text;
}

/** Portals write the player in front of an address: `ffmpeg http://…`. */
function withoutPlayer(address: string): string {
  return address.trim().replace(/^[a-z0-9]+ +/i, '');
}

function isOn(flag: string): boolean {
  return flag !== '' && flag !== '0' && flag !== 'false';
}
