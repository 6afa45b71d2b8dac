/**
 * The eighteen action types and their parameters, as the Telecom X group action documents them, and those that a Ministra portal adds.
 * One schema each: the agent validates with it, the headend's API and the console's form are made from it.
 */
import * as v from 'valibot';
import { keyNames } from './keys.ts';
import { limits } from './limits.ts';

const text = (maxLength: number) => v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(maxLength));
const seconds = (range: { min: number; max: number }) =>
  v.pipe(v.number(), v.minValue(range.min), v.maxValue(range.max));
const message = v.pipe(text(limits.messageTextLength), v.description('Text to display; may contain simple HTML.'));

/** A URL whose scheme is one of `schemes` (`'http'`, no colon), with a host and without credentials. */
function url(...schemes: string[]) {
  return v.pipe(
    text(limits.urlLength),
    v.check((value) => isUrl(value, schemes), `Expected a URL: ${schemes.join(', ')}`),
  );
}

/** Whether `value` is a URL with a host, no credentials and one of the schemes (`'http'`, no colon). */
export function isUrl(value: string, schemes: readonly string[]): boolean {
  const parsed = URL.parse(value);
  return (
    parsed !== null &&
    schemes.includes(parsed.protocol.slice(0, -1)) &&
    parsed.hostname !== '' &&
    parsed.username === '' &&
    parsed.password === ''
  );
}

/** `host`, `host:port`, `[v6]:port` or blank, as UIDEBUG takes it. */
const debugServer = /^$|^(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?$/;

const id = v.pipe(text(limits.idLength), v.regex(/^[A-Za-z0-9_.:-]+$/));
const port = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(65_535));
const none = v.object({});

export const paramSchemas = {
  MESSAGE: v.object({
    message,
    notify: v.optional(v.pipe(v.picklist(['SOUND', 'READ']), v.description('Play a sound, or read the message out.'))),
    repeat: v.optional(v.pipe(v.boolean(), v.description('Repeat `notify` until the duration is out.'))),
    duration: v.optional(
      v.pipe(seconds(limits.messageSeconds), v.description('Seconds on the screen; 30 by default.')),
    ),
  }),
  VIDEO: v.object({
    video: v.pipe(url('http', 'https', 'rtp', 'udp'), v.description('URL of the video: http, https, rtp or udp.')),
    message: v.optional(message),
  }),
  PLAYCHANNEL: v.object({ channel: v.pipe(id, v.description('Id of the TV channel.')) }),
  SWITCH_OFF: none,
  CHANNELS: none,
  UI: none,
  REBOOT: none,
  DVB: none,
  SCREENSHOT: none,
  SPEEDTEST: none,
  MANAGEMENT: v.object({
    port: v.pipe(port, v.description('Port of the management host that leads to this box.')),
    lifetime: v.optional(
      v.pipe(seconds(limits.tunnelSeconds), v.description('Seconds the tunnel stays open; 3600 by default.')),
    ),
  }),
  SCRIPT: v.object({ script: v.pipe(url('http', 'https'), v.description('URL of the script to download and run.')) }),
  JS: v.object({ js: v.pipe(text(limits.jsLength), v.description('JavaScript to run in the user interface.')) }),
  FIRMWARE: v.object({
    firmware: v.optional(v.pipe(url('http', 'https'), v.description('URL of the bundle, instead of the default one.'))),
  }),
  PLAYRADIOCHANNEL: v.object({ radiochannel: v.pipe(id, v.description('Id of the radio channel.')) }),
  UIDEBUG: v.object({
    debugserver: v.optional(
      v.pipe(
        v.string(),
        v.trim(),
        v.maxLength(260),
        v.check((value) => isDebugServer(value), 'Expected host:port'),
        v.description('Host and port of the debug server; blank for the default.'),
      ),
      '',
    ),
  }),
  VOLUME: v.object({
    volume: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100), v.description('Volume, 0 to 100.')),
  }),
  EMULATEKEYS: v.object({
    keys: v.pipe(
      v.array(v.picklist(keyNames)),
      v.minLength(1),
      v.maxLength(limits.keysCount),
      v.description('Remote control keys, in the order they are pressed.'),
    ),
    gap: v.optional(
      v.pipe(
        v.number(),
        v.minValue(limits.keyGapMs.min),
        v.maxValue(limits.keyGapMs.max),
        v.description('Milliseconds between two keys; 100 by default.'),
      ),
    ),
  }),
} as const;

const number = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(limits.channelNumber));
const duration = v.optional(v.pipe(seconds(limits.messageSeconds), v.description('Seconds on the screen at most.')));

/**
 * What the events of a Ministra portal ask for and none of the eighteen does. They are types of the box protocol on every upstream, but not of
 * the Telecom X API.
 */
export const portalParamSchemas = {
  PLAYNUMBER: v.object({ number: v.pipe(number, v.description('Number of the TV channel in the line-up.')) }),
  PLAYRADIONUMBER: v.object({ number: v.pipe(number, v.description('Number of the radio channel in the line-up.')) }),
  MESSAGE_VIDEO: v.object({
    message,
    video: v.pipe(url('http', 'https', 'rtp', 'udp'), v.description('URL of the video that follows the message.')),
    duration,
  }),
  MESSAGE_URL: v.object({
    message,
    url: v.pipe(url('http', 'https'), v.description('Address of the page that follows the message.')),
    duration,
  }),
  SHOW_MENU: none,
  CUT_OFF: v.object({
    message: v.optional(v.pipe(message, v.description('What stands on the blocked screen; may contain simple HTML.'))),
  }),
  CUT_ON: none,
  EPG: none,
  MODULES: none,
  STORAGES: none,
} as const;

/** The wire name of an action type, in the operators' spelling. */
export type ActionType = keyof typeof paramSchemas;
/** The wire name of a type that only a portal's events ask for. */
export type PortalActionType = keyof typeof portalParamSchemas;
/** Every type a box may be sent. */
export type BoxActionType = ActionType | PortalActionType;

/** The schemas of every type a box may be sent. */
export const boxParamSchemas = { ...paramSchemas, ...portalParamSchemas } as const;

/** The validated parameters of one type. */
export type Params<T extends BoxActionType> = v.InferOutput<(typeof boxParamSchemas)[T]>;

export const actionTypes = Object.keys(paramSchemas) as ActionType[];
export const portalActionTypes = Object.keys(portalParamSchemas) as PortalActionType[];

/** Whether `value` names one of the eighteen action types. */
export function isActionType(value: unknown): value is ActionType {
  return typeof value === 'string' && Object.hasOwn(paramSchemas, value);
}

/** Whether `value` names a type that a box may be sent. */
export function isBoxActionType(value: unknown): value is BoxActionType {
  return typeof value === 'string' && Object.hasOwn(boxParamSchemas, value);
}

/** Whether `value` is blank, a host, or host:port with a port from 1 to 65535. */
export function isDebugServer(value: string): boolean {
  const match = debugServer.exec(value.trim());
  return match !== null && (match[1] === undefined || (Number(match[1]) >= 1 && Number(match[1]) <= 65_535));
}
