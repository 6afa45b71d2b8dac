/** What the parts of the agent take from the configuration. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CapabilityName } from '../platform/contract.ts';
import type { DriverSettings } from '../platform/index.ts';
import type { ActionSettings } from './action.ts';
import { type Config, ConfigError } from './config.ts';
import { enrolledId } from './enrolment.ts';
import type {
  HeartbeatOptions,
  MinistraOptions,
  MqttOptions,
  TlsOptions,
  WebSocketOptions,
} from './upstreams/options.ts';

/** The upstreams that are configured, each with its options. */
export type UpstreamSettings = {
  mqtt?: MqttOptions;
  websocket?: WebSocketOptions;
  heartbeat?: HeartbeatOptions;
  ministra?: MinistraOptions;
};

export function driverSettings(config: Config, signal: AbortSignal): DriverSettings {
  const id = config['box.id'] ?? enrolledId(config.state_dir) ?? null;
  const stateFile = config['platform.simulator.state_file'] ?? join(config.state_dir, 'simulator.json');
  const bundleKey = readOptional(config, 'platform.simulator.bundle_key_file');
  return {
    simulator: {
      stateFile,
      tvPort: config['platform.simulator.port'] ?? undefined,
      bootMs: config['platform.simulator.boot_ms'],
      lacks: [...config['platform.simulator.lacks']] as CapabilityName[],
      signal,
      ...(id !== null && { id }),
      ...(config['box.mac'] !== null && { mac: config['box.mac'] }),
      ...(config['box.model'] !== null && { model: config['box.model'] }),
      ...(bundleKey !== undefined && { bundleKey }),
    },
    linux: linuxSettings(config, id),
  };
}

function linuxSettings(config: Config, id: string | null): DriverSettings['linux'] {
  const given = {
    id,
    mac: config['box.mac'],
    model: config['box.model'],
    audioCard: config['platform.linux.audio_card'],
    audioControl: config['platform.linux.audio_control'],
    cecDevice: config['platform.linux.cec_device'],
    framebuffer: config['platform.linux.framebuffer'],
    cdpUrl: config['platform.linux.cdp_url'],
    inspectorUrl: config['platform.linux.inspector_url'],
    mpvSocket: config['platform.linux.mpv_socket'],
    tunerAdapter: config['platform.linux.tuner_adapter'],
  };
  return {
    root: config['platform.linux.root'],
    stateDir: join(config.state_dir, 'linux'),
    speech: config['platform.linux.speech'],
    speechVoice: config['platform.linux.speech_voice'],
    screenshotCommand: [...config['platform.linux.screenshot_command']],
    keysBy: config['platform.linux.keys_by'],
    keySet: config['platform.linux.key_set'],
    keys: [...config['platform.linux.keys']],
    mpvOptions: [...config['platform.linux.mpv_options']],
    shellPort: config['platform.linux.shell_port'],
    ...withoutNull(given),
  };
}

/** What is configured; a key that is absent is looked for. */
function withoutNull<T extends object>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  const entries = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(entries) as { [K in keyof T]?: NonNullable<T[K]> };
}

export function upstreamSettings(config: Config, boxId: string): UpstreamSettings {
  const token = boxToken(config) ?? '';
  const settings: UpstreamSettings = {};
  const mqttUrl = config['upstream.mqtt.url'];
  if (mqttUrl !== null) {
    settings.mqtt = {
      url: mqttUrl,
      username: config['upstream.mqtt.username'] ?? boxId,
      password: config['upstream.mqtt.password'] ?? token,
      keepaliveSeconds: config['upstream.mqtt.keepalive_seconds'],
      sessionExpirySeconds: config['upstream.mqtt.session_expiry_seconds'],
      tls: tlsOf(config, 'mqtt'),
    };
  }
  const webSocketUrl = config['upstream.websocket.url'];
  if (webSocketUrl !== null) {
    settings.websocket = {
      url: webSocketUrl,
      token: config['upstream.websocket.token'] ?? token,
      pingSeconds: config['upstream.websocket.ping_seconds'],
      tls: tlsOf(config, 'websocket'),
    };
  }
  const heartbeatUrl = config['upstream.heartbeat.url'];
  if (heartbeatUrl !== null) {
    settings.heartbeat = {
      url: heartbeatUrl,
      token: config['upstream.heartbeat.token'] ?? token,
      intervalSeconds: config['upstream.heartbeat.interval_seconds'],
      longPollSeconds: config['upstream.heartbeat.long_poll_seconds'],
      tls: tlsOf(config, 'heartbeat'),
    };
  }
  const ministraUrl = config['upstream.ministra.url'];
  if (ministraUrl !== null) settings.ministra = ministraOptions(config, ministraUrl);
  return settings;
}

function ministraOptions(config: Config, url: string): MinistraOptions {
  return {
    url,
    login: config['upstream.ministra.login'] ?? undefined,
    password: config['upstream.ministra.password'] ?? undefined,
    model: config['upstream.ministra.model'],
    serial: config['upstream.ministra.serial'] ?? undefined,
    deviceId: config['upstream.ministra.device_id'] ?? undefined,
    deviceId2: config['upstream.ministra.device_id2'] ?? undefined,
    signature: config['upstream.ministra.signature'] ?? undefined,
    imageVersion: config['upstream.ministra.image_version'],
    hardwareVersion: config['upstream.ministra.hardware_version'],
    version: config['upstream.ministra.version'] ?? undefined,
    timezone: config['upstream.ministra.timezone'] ?? undefined,
    confirm: config['upstream.ministra.confirm'],
    pollFactor: config['upstream.ministra.poll_factor'],
    timeoutSeconds: config['upstream.ministra.timeout_seconds'],
    stateFile: join(config.state_dir, 'ministra.json'),
    tls: tlsOf(config, 'ministra'),
  };
}

function tlsOf(config: Config, upstream: keyof UpstreamSettings): TlsOptions {
  return {
    ca: config[`upstream.${upstream}.ca_file`] ?? undefined,
    cert: config[`upstream.${upstream}.cert_file`] ?? undefined,
    key: config[`upstream.${upstream}.key_file`] ?? undefined,
    servername: config[`upstream.${upstream}.server_name`] ?? undefined,
    insecure: config[`upstream.${upstream}.insecure`],
  };
}

/** The headend's HTTP address without a trailing slash: as configured, or that of the heartbeat or the WebSocket. */
export function headendUrl(config: Config): string | undefined {
  const explicit = config['headend.url'] ?? config['upstream.heartbeat.url'];
  if (explicit !== null) return explicit.replace(/\/+$/, '');
  const webSocketUrl = config['upstream.websocket.url'];
  return webSocketUrl === null ? undefined : new URL(webSocketUrl.replace(/^ws/, 'http')).origin;
}

/** The box's token, from the configuration or the file it names. A file that is not there yet is a box that is not enrolled. */
export function boxToken(config: Config): string | undefined {
  const file = config['headend.token_file'];
  if (config['headend.token'] !== null || file === null || !existsSync(file))
    return config['headend.token'] ?? undefined;
  return readOptional(config, 'headend.token_file')?.trim() || undefined;
}

export function actionSettings(config: Config): ActionSettings {
  const host = config['management.host'];
  const privateKey = readOptional(config, 'management.key_file');
  const hostKey = config['management.host_key'];
  const complete = host !== null && privateKey !== undefined && hostKey !== null;
  return {
    switchOff: config['switch_off.mode'],
    messageSeconds: config['message.seconds'],
    keyGapMs: config['keys.gap_ms'],
    speedtest: { url: config['speedtest.url'] ?? undefined, seconds: config['speedtest.seconds'] },
    management: complete
      ? { host, sshPort: config['management.ssh_port'], user: config['management.user'], privateKey, hostKey }
      : undefined,
    firmware: { url: config['firmware.url'] ?? undefined, confirmSeconds: config['firmware.confirm_seconds'] },
    debugServer: config['debug.server'],
  };
}

function readOptional(
  config: Config,
  key: 'headend.token_file' | 'management.key_file' | 'platform.simulator.bundle_key_file',
) {
  const file = config[key];
  if (file === null) return undefined;
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new ConfigError(`${key} = ${JSON.stringify(file)}: cannot read it: ${(error as Error).message}`);
  }
}
