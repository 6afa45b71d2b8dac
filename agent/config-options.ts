/**
 * Every key of `agent.toml`, in one table: the file, the environment (`STB_AGENT_UPSTREAM__MQTT__URL`), `config check` and
 * docs/configuration.md are all made from it.
 */

/** What a key takes; `null` as a default means that it may be absent. */
export type Option<T = unknown> = {
  readonly kind: 'string' | 'number' | 'boolean' | 'list';
  readonly fallback: T;
  /** The only texts there are, also in a list. */
  readonly oneOf?: readonly string[];
  readonly range?: readonly [number, number];
  /** What a text, or each of a list, looks like. */
  readonly pattern?: RegExp;
  readonly isUrl?: boolean;
  /** What is expected, in words, where the kind does not say it. */
  readonly expected?: string;
  readonly doc: string;
};

const text = <T extends string | null>(fallback: T, doc: string): Option<T extends null ? string | null : string> =>
  ({ kind: 'string', fallback, doc }) as Option<T extends null ? string | null : string>;
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
const whole = (range: readonly [number, number], doc: string): Option<number | null> => ({
  kind: 'number',
  range,
  fallback: null,
  doc,
});
const port = (doc: string) => whole([0, 65_535], doc);
const flag = (fallback: boolean, doc: string): Option<boolean> => ({ kind: 'boolean', fallback, doc });
const list = (fallback: readonly string[], doc: string): Option<readonly string[]> => ({ kind: 'list', fallback, doc });
const url = (schemes: string, doc: string): Option<string | null> => ({
  kind: 'string',
  fallback: null,
  isUrl: true,
  pattern: new RegExp(`^(${schemes})://[^/]`),
  expected: `a URL with the scheme ${schemes.replaceAll('|', ', ')}`,
  doc,
});

/** The keys of an upstream that may speak TLS. */
function tls<N extends string>(upstream: N) {
  const keys = {
    ca_file: text(null, "The certificate authorities to trust, instead of the system's (PEM)."),
    cert_file: text(null, "The box's certificate (PEM)."),
    key_file: text(null, "The key of the box's certificate (PEM)."),
    server_name: text(null, 'The name to expect in the certificate, where it is not the host of the URL.'),
    insecure: flag(false, 'Accept any certificate. For a laboratory only.'),
  };
  const entries = Object.entries(keys).map(([key, option]) => [`upstream.${upstream}.${key}`, option]);
  return Object.fromEntries(entries) as { [K in keyof typeof keys as `upstream.${N}.${K}`]: (typeof keys)[K] };
}

const upstreamNames = ['websocket', 'mqtt', 'heartbeat', 'ministra'] as const;

export const options = {
  state_dir: text('/var/lib/stb-agent', 'Where the journal, the line-up and downloads are kept.'),
  'log.level': choice(['trace', 'debug', 'info', 'warn', 'error'], 'info', 'How much is logged.'),

  'box.id': {
    ...text(null, 'The device id the headend knows the box by; by default read from the hardware.'),
    pattern: /^(?!\.{1,2}$)[A-Za-z0-9_.:-]{1,64}$/,
    expected: '1 to 64 of A–Z a–z 0–9 _ . : -',
  },
  'box.mac': {
    ...text(null, 'The MAC address; by default read from the hardware.'),
    pattern: /^[0-9A-Fa-f]{2}(:[0-9A-Fa-f]{2}){5}$/,
    expected: 'a MAC as 00:1A:79:12:34:56',
  },
  'box.model': text(null, 'The model; by default read from the hardware.'),
  'box.groups': {
    ...list([], 'Groups whose MQTT topic the box listens to.'),
    pattern: /^[^+#]+$/,
    expected: 'a list of names without + and #',
  },

  'platform.driver': choice(
    ['auto', 'simulator', 'linux', 'rdk'],
    'auto',
    'The driver; `auto` takes the one that fits the hardware.',
  ),
  'platform.simulator.port': port('Port of the TV page; 0 takes any, without it there is no page.'),
  'platform.simulator.state_file': text(null, 'The simulated box; by default `simulator.json` in the state directory.'),
  'platform.simulator.boot_ms': number(
    600,
    [0, 600_000],
    'How long the simulated box takes to start, in milliseconds.',
  ),
  'platform.simulator.lacks': list([], 'Capabilities that the simulated box does not have.'),
  'platform.simulator.bundle_key_file': text(
    null,
    'The Ed25519 public key (PEM) that firmware bundles must be signed with.',
  ),
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
  'platform.linux.screenshot_command': list(
    [],
    'A program and its arguments that write a PNG to `{file}`; goes before all other ways.',
  ),
  'platform.linux.cdp_url': url(
    'http',
    'Remote debugging of the Chromium that shows the user interface; by default 127.0.0.1:9222 is tried at start.',
  ),
  'platform.linux.inspector_url': url('http', 'The remote inspector of the WPE WebKit that shows the user interface.'),
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
  'platform.linux.keys': list([], 'Exceptions to the set, as `RED=0x190`.'),
  'platform.linux.mpv_socket': text(
    null,
    'The socket of an mpv that runs already; by default the agent starts its own.',
  ),
  'platform.linux.mpv_options': list([], 'Options for its own, as `--vo=drm`.'),
  'platform.linux.tuner_adapter': whole([0, 255], 'The number of the DVB adapter; by default the first.'),
  'platform.linux.shell_port': number(
    22,
    [1, 65_535],
    "The port of the box's own shell service, which management tunnels lead to.",
  ),

  'headend.url': url(
    'http|https',
    'The headend over HTTP, for line-ups, artifacts and firmware; by default that of the heartbeat or the WebSocket.',
  ),
  'headend.token': text(null, "The box's token, sent on every upstream that has none of its own."),
  'headend.token_file': text(null, 'A file that holds the token; `stb-agent enroll` writes it.'),

  'upstream.prefer': {
    ...list(upstreamNames, 'Which upstream carries reports when several are up.'),
    oneOf: upstreamNames,
  },
  'upstream.mqtt.url': url('mqtt|mqtts|ws|wss', 'The broker.'),
  'upstream.mqtt.username': text(null, "By default the box's id."),
  'upstream.mqtt.password': text(null, 'By default the token.'),
  'upstream.mqtt.keepalive_seconds': number(30, [1, 3600], 'How often a silent connection is tried.'),
  'upstream.mqtt.session_expiry_seconds': number(
    604_800,
    [0, 4_294_967_295],
    'How long the broker keeps what is sent to a box that is off.',
  ),
  ...tls('mqtt'),
  'upstream.websocket.url': url('ws|wss', 'The headend; without a path `/stb/v1/ws` is taken.'),
  'upstream.websocket.token': text(null, 'By default the token of `headend`.'),
  'upstream.websocket.ping_seconds': number(20, [1, 3600], 'How often a silent connection is tried.'),
  ...tls('websocket'),
  'upstream.heartbeat.url': url('http|https', 'The headend; `/iptv/app/heartbeat` is appended.'),
  'upstream.heartbeat.token': text(null, 'By default the token of `headend`.'),
  'upstream.heartbeat.interval_seconds': number(60, [1, 3600], 'How often the box polls.'),
  'upstream.heartbeat.long_poll_seconds': number(
    25,
    [0, 55],
    'How long a poll may hang until there is something; 0 turns it off.',
  ),
  ...tls('heartbeat'),
  'upstream.ministra.url': url('http|https', 'The portal, as `http://portal/stalker_portal/`.'),
  'upstream.ministra.login': text(null, 'The login, for a portal that asks for one.'),
  'upstream.ministra.password': text(null, 'Its password.'),
  'upstream.ministra.confirm': choice(
    ['read', 'shown'],
    'read',
    'When a message is confirmed: once the viewer has closed it, or as soon as it is on the screen.',
  ),
  'upstream.ministra.model': text('MAG254', 'The model that the portal is told, `stb_type`.'),
  'upstream.ministra.serial': text(null, 'The serial number that the portal is told.'),
  'upstream.ministra.device_id': text(null, 'The device id; a portal pins the first one it sees.'),
  'upstream.ministra.device_id2': text(null, 'The second device id; by default the first.'),
  'upstream.ministra.signature': text(null, 'The signature of the device ids, for a portal that checks it.'),
  'upstream.ministra.image_version': text('218', 'The number of the image.'),
  'upstream.ministra.hardware_version': text('2.6-IB-00', 'The version of the hardware.'),
  'upstream.ministra.version': text(null, 'The line of versions, `ver`; by default one that portals take.'),
  'upstream.ministra.timezone': text(null, "The box's time zone, as `Europe/Kiev`, in the portal's spelling."),
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
  'speedtest.url': url('ws|wss', 'The ndt7 server; by default the headend.'),
  'speedtest.seconds': number(10, [0.5, 10], 'The length of the download and of the upload each.'),
  'firmware.url': url('http|https', 'The bundle that FIRMWARE installs when it names none.'),
  'firmware.confirm_seconds': number(
    300,
    [5, 3_600],
    'How long a new firmware may take to reach an upstream before it is rolled back.',
  ),
  'management.host': text(null, 'The management host that MANAGEMENT opens a tunnel to.'),
  'management.ssh_port': number(22, [1, 65_535], 'Its SSH port.'),
  'management.user': text('stb', 'The user there.'),
  'management.key_file': text(null, 'The private key that opens it.'),
  'management.host_key': text(null, 'Its public key, `ssh-ed25519 AAAA…`; any other is refused.'),
  'debug.server': text('127.0.0.1:8080', 'The UI debugger when UIDEBUG names none.'),
  'journal.keep_count': number(5_000, [100, 1_000_000], 'How many ended actions are kept.'),
  'journal.keep_days': number(30, [1, 3_650], 'How long ended and reported actions are kept.'),
} as const satisfies Record<string, Option>;

export type Options = typeof options;
export type OptionName = keyof Options;
/** The checked configuration, by key. */
export type Config = { readonly [K in OptionName]: Options[K] extends Option<infer T> ? T : never };
