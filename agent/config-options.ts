/**
 * Every key of `agent.toml`, in one table: the file, the environment (`STB_AGENT_UPSTREAM__MQTT__URL`), `config check` and
 * docs/configuration.md are all made from it.
 */
import { capabilityNames } from '../platform/contract.ts';
import {
  isAddress,
  isHeaderValue,
  isHost,
  isKeyCode,
  isLine,
  isPublicKey,
  isStateDirectory,
  isTimeZone,
  isToken,
  isUser,
} from './config-values.ts';
import { isDebugServer } from './protocol/params.ts';

/** What a key takes; `null` as a default means that it may be absent. */
export type Option<T = unknown> = {
  readonly kind: 'string' | 'number' | 'boolean' | 'list';
  readonly fallback: T;
  /** The only texts there are, also in a list. */
  readonly oneOf?: readonly string[];
  readonly range?: readonly [number, number];
  readonly isWhole?: boolean;
  /** Whether a text or a list can be meant; what is expected then, in words. */
  accepts?(value: NonNullable<T>): boolean;
  readonly expected?: string;
  /** Whether the text names a PEM file. */
  readonly isPem?: boolean;
  readonly doc: string;
};

/** An option of which not every value can be meant. */
const only = <T>(option: Option<T>, accepts: (value: NonNullable<T>) => boolean, expected: string): Option<T> => ({
  ...option,
  accepts,
  expected,
});
/** A text, of which none can be meant that is empty. */
const text = <T extends string | null>(fallback: T, doc: string): Option<T extends null ? string | null : string> =>
  ({ kind: 'string', fallback, accepts: (value) => value !== '' && isLine(value), doc }) as Option<
    T extends null ? string | null : string
  >;
/** A user's name or password; an empty one sends none. */
const credential = (doc: string) => only(text(null, doc), isLine, 'a text in one line');
const token = (doc: string) => only(text(null, doc), isToken, 'a token of letters, digits and signs without spaces');
const pem = (doc: string) => ({ ...text(null, doc), isPem: true });
const choice = <const C extends readonly string[]>(oneOf: C, fallback: C[number], doc: string): Option<C[number]> => ({
  kind: 'string',
  oneOf,
  fallback,
  doc,
});
const number = (fallback: number, range: readonly [number, number], doc: string): Option<number> => ({
  kind: 'number',
  range,
  fallback,
  doc,
});
const whole = <T extends number | null>(fallback: T, range: readonly [number, number], doc: string) =>
  ({ kind: 'number', range, isWhole: true, fallback, doc }) as Option<T extends null ? number | null : number>;
const flag = (fallback: boolean, doc: string): Option<boolean> => ({ kind: 'boolean', fallback, doc });
const list = (fallback: readonly string[], doc: string): Option<readonly string[]> => ({ kind: 'list', fallback, doc });
const each = (accepts: (item: string) => boolean) => (items: readonly string[]) => items.every(accepts);
const url = (schemes: readonly string[], doc: string): Option<string | null> => ({
  kind: 'string',
  fallback: null,
  accepts: (value) => isAddress(value, schemes),
  expected: `a URL with the scheme ${schemes.join(', ')}, without credentials`,
  doc,
});
/** A URL that paths are appended to. */
const base = (schemes: readonly string[], doc: string) =>
  only(
    url(schemes, doc),
    (value) => isAddress(value, schemes) && !/[?#]/.test(value),
    `a URL with the scheme ${schemes.join(', ')}, without credentials or a query`,
  );

/** The keys of an upstream that may speak TLS. */
function tls<N extends string>(upstream: N) {
  const keys = {
    ca_file: pem("The certificate authorities to trust, instead of the system's (PEM)."),
    cert_file: pem("The box's certificate (PEM)."),
    key_file: pem("The key of the box's certificate (PEM)."),
    server_name: only(
      text(null, 'The name to expect in the certificate, where it is not the host of the URL.'),
      isHost,
      'the name of a host',
    ),
    insecure: flag(false, 'Accept any certificate. For a laboratory only.'),
  };
  const entries = Object.entries(keys).map(([key, option]) => [`upstream.${upstream}.${key}`, option]);
  return Object.fromEntries(entries) as { [K in keyof typeof keys as `upstream.${N}.${K}`]: (typeof keys)[K] };
}

const upstreamNames = ['websocket', 'mqtt', 'heartbeat', 'ministra'] as const;

export const options = {
  state_dir: only(
    text('/var/lib/stb-agent', 'Where the journal, the line-up and downloads are kept.'),
    isStateDirectory,
    'a path of at most 96 bytes',
  ),
  'log.level': choice(['trace', 'debug', 'info', 'warn', 'error'], 'info', 'How much is logged.'),

  'box.id': only(
    text(null, 'The device id the headend knows the box by; by default read from the hardware.'),
    (value) => /^(?!\.{1,2}$)[A-Za-z0-9_.:-]{1,64}$/.test(value),
    '1 to 64 of A–Z a–z 0–9 _ . : -',
  ),
  'box.mac': only(
    text(null, 'The MAC address; by default read from the hardware.'),
    (value) => /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$/.test(value),
    'a MAC as 00:1A:79:12:34:56',
  ),
  'box.model': text(null, 'The model; by default read from the hardware.'),
  'box.groups': only(
    list([], 'Groups whose MQTT topic the box listens to.'),
    each((name) => /^[^+#\p{Cc}]+$/u.test(name)),
    'a list of names without + and #',
  ),

  'platform.driver': choice(
    ['auto', 'simulator', 'linux'],
    'auto',
    'The driver; `auto` takes the one that fits the hardware.',
  ),
  'platform.simulator.port': whole(null, [0, 65_535], 'Port of the TV page; 0 takes any, without it there is no page.'),
  'platform.simulator.state_file': text(null, 'The simulated box; by default `simulator.json` in the state directory.'),
  'platform.simulator.boot_ms': number(
    600,
    [0, 600_000],
    'How long the simulated box takes to start, in milliseconds.',
  ),
  'platform.simulator.lacks': {
    ...list([], 'Capabilities that the simulated box does not have.'),
    oneOf: capabilityNames,
  },
  'platform.simulator.bundle_key_file': pem('The Ed25519 public key (PEM) that firmware bundles must be signed with.'),
  'platform.linux.root': text('/', 'The folder that stands for the box; another one only in tests.'),
  'platform.linux.audio_card': text(
    null,
    'The ALSA card, number or id; by default PipeWire, or the first card with a volume.',
  ),
  'platform.linux.audio_control': text(null, 'Its control; by default Master, PCM or what comes closest.'),
  'platform.linux.speech': flag(true, 'Whether messages may be read out, by espeak-ng.'),
  'platform.linux.speech_voice': text('en', 'The voice, as `espeak-ng --voices` lists them.'),
  'platform.linux.cec_device': text(
    null,
    'The HDMI-CEC device; by default the first, with `none` the TV is left alone.',
  ),
  'platform.linux.framebuffer': text(null, 'The framebuffer that screenshots are read from; by default /dev/fb0.'),
  'platform.linux.screenshot_command': only(
    list([], 'A program and its arguments that write a PNG to `{file}`; goes before all other ways.'),
    (items) => items.length === 0 || (items[0] !== '' && items.some((item) => item.includes('{file}'))),
    'a list of a program and its arguments with {file}',
  ),
  'platform.linux.cdp_url': url(
    ['http'],
    'Remote debugging of the Chromium that shows the user interface; by default 127.0.0.1:9222 is tried at start.',
  ),
  'platform.linux.inspector_url': url(
    ['http'],
    'The remote inspector of the WPE WebKit that shows the user interface.',
  ),
  'platform.linux.keys_by': choice(
    ['auto', 'uinput', 'cdp'],
    'auto',
    'How emulated keys reach the box; `auto` prefers a Chromium user interface.',
  ),
  'platform.linux.key_set': choice(
    ['auto', 'linux', 'mag', 'cehtml', 'dom'],
    'auto',
    'The codes they become; `auto` is linux for uinput and cehtml for Chromium.',
  ),
  'platform.linux.keys': only(
    list([], 'Exceptions to the set; the names are those of EMULATEKEYS.'),
    each(isKeyCode),
    'a list of keys and codes as RED=0x190',
  ),
  'platform.linux.mpv_socket': text(
    null,
    'The socket of an mpv that runs already; by default the agent starts its own.',
  ),
  'platform.linux.mpv_options': only(
    list([], 'Options for its own.'),
    each((option) => /^-./.test(option)),
    'a list of options as --vo=drm',
  ),
  'platform.linux.tuner_adapter': whole(null, [0, 255], 'The number of the DVB adapter; by default the first.'),
  'platform.linux.shell_port': whole(
    22,
    [1, 65_535],
    "The port of the box's own shell service, which management tunnels lead to.",
  ),

  'headend.url': base(
    ['http', 'https'],
    'The headend over HTTP, for line-ups, artifacts and firmware; by default that of the heartbeat or the WebSocket.',
  ),
  'headend.token': token("The box's token, sent on every upstream that has none of its own."),
  'headend.token_file': text(null, 'A file that holds the token; `stb-agent enroll` writes it.'),

  'upstream.prefer': {
    ...list(upstreamNames, 'Which upstream carries reports when several are up.'),
    oneOf: upstreamNames,
  },
  'upstream.mqtt.url': url(['mqtt', 'mqtts', 'ws', 'wss'], 'The broker.'),
  'upstream.mqtt.username': credential("By default the box's id."),
  'upstream.mqtt.password': credential('By default the token.'),
  'upstream.mqtt.keepalive_seconds': whole(30, [1, 3600], 'How often a silent connection is tried.'),
  'upstream.mqtt.session_expiry_seconds': whole(
    604_800,
    [0, 4_294_967_295],
    'How long the broker keeps what is sent to a box that is off.',
  ),
  ...tls('mqtt'),
  'upstream.websocket.url': url(['ws', 'wss'], 'The headend; without a path `/stb/v1/ws` is taken.'),
  'upstream.websocket.token': token('By default the token of `headend`.'),
  'upstream.websocket.ping_seconds': number(20, [1, 3600], 'How often a silent connection is tried.'),
  ...tls('websocket'),
  'upstream.heartbeat.url': base(['http', 'https'], 'The headend; `/iptv/app/heartbeat` is appended.'),
  'upstream.heartbeat.token': token('By default the token of `headend`.'),
  'upstream.heartbeat.interval_seconds': number(60, [1, 3600], 'How often the box polls.'),
  'upstream.heartbeat.long_poll_seconds': number(
    25,
    [0, 55],
    'How long a poll may hang until there is something; 0 turns it off.',
  ),
  ...tls('heartbeat'),
  'upstream.ministra.url': url(['http', 'https'], 'The portal, as `http://portal/stalker_portal/`.'),
  'upstream.ministra.login': credential('The login, for a portal that asks for one.'),
  'upstream.ministra.password': credential('Its password.'),
  'upstream.ministra.confirm': choice(
    ['read', 'shown'],
    'read',
    'When a message is confirmed: once the viewer has closed it, or as soon as it is on the screen.',
  ),
  'upstream.ministra.model': only(
    text('MAG254', 'The model that the portal is told, `stb_type`.'),
    isHeaderValue,
    'a model of letters, digits and signs',
  ),
  'upstream.ministra.serial': text(null, 'The serial number that the portal is told.'),
  'upstream.ministra.device_id': text(null, 'The device id; a portal pins the first one it sees.'),
  'upstream.ministra.device_id2': text(null, 'The second device id; by default the first.'),
  'upstream.ministra.signature': text(null, 'The signature of the device ids, for a portal that checks it.'),
  'upstream.ministra.image_version': text('218', 'The number of the image.'),
  'upstream.ministra.hardware_version': text('2.6-IB-00', 'The version of the hardware.'),
  'upstream.ministra.version': text(null, 'The line of versions, `ver`; by default one that portals take.'),
  'upstream.ministra.timezone': only(
    text(null, "The box's time zone, in the portal's spelling."),
    isTimeZone,
    'a time zone as Europe/Kiev',
  ),
  'upstream.ministra.poll_factor': number(
    0.9,
    [0.05, 1],
    "How much of the portal's `watchdog_timeout` lies between two polls; with all of it the box flaps.",
  ),
  'upstream.ministra.timeout_seconds': number(60, [1, 600], 'How long an answer may take.'),
  ...tls('ministra'),

  'message.seconds': number(30, [1, 86_400], 'How long a MESSAGE stays that does not say so.'),
  'keys.gap_ms': number(100, [0, 5_000], 'Between two emulated keys.'),
  'switch_off.mode': choice(['standby', 'poweroff'], 'standby', 'What SWITCH_OFF does.'),
  'speedtest.url': url(['ws', 'wss'], 'The ndt7 server; by default the headend.'),
  'speedtest.seconds': number(10, [0.5, 10], 'The length of the download and of the upload each.'),
  'firmware.url': url(['http', 'https'], 'The bundle that FIRMWARE installs when it names none.'),
  'firmware.confirm_seconds': number(
    300,
    [5, 3_600],
    'How long a new firmware may take to reach an upstream before it is rolled back.',
  ),
  'management.host': only(
    text(null, 'The management host that MANAGEMENT opens a tunnel to.'),
    isHost,
    'the name or address of a host, without a port',
  ),
  'management.ssh_port': whole(22, [1, 65_535], 'Its SSH port.'),
  'management.user': only(text('stb', 'The user there.'), isUser, 'a user name'),
  'management.key_file': pem('The private key that opens it.'),
  'management.host_key': only(
    text(null, 'The key of that host; any other is refused.'),
    isPublicKey,
    'a public key as ssh-ed25519 AAAA…',
  ),
  'debug.server': only(
    text('127.0.0.1:8080', 'The UI debugger when UIDEBUG names none.'),
    isDebugServer,
    'host or host:port',
  ),
  'journal.keep_count': whole(5_000, [100, 1_000_000], 'How many ended actions are kept.'),
  'journal.keep_days': number(30, [1, 3_650], 'How long ended and reported actions are kept.'),
} as const satisfies Record<string, Option>;

export type Options = typeof options;
export type OptionName = keyof Options;
/** The checked configuration, by key. */
export type Config = { readonly [K in OptionName]: Options[K] extends Option<infer T> ? T : never };
