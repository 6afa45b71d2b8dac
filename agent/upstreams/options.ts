/** What each upstream is configured with, and what it is given by the agent. Times are in seconds, as in the configuration file. */
import type { Logger } from 'pino';

/** Who the box is, for topics and client ids; `now` is the wall time in milliseconds. */
export interface UpstreamDeps {
  readonly box: { readonly id: string; readonly mac: string; readonly groups: readonly string[] };
  readonly log: Logger;
  now(): number;
}

/**
 * TLS beyond the default trust. Files are PEM and are read at every connect, so that a renewed certificate needs no restart.
 */
export interface TlsOptions {
  /** File with the authorities to trust instead of the built-in list. */
  ca?: string | undefined;
  /** Files with the client certificate (and its chain) and its key. */
  cert?: string | undefined;
  key?: string | undefined;
  /** The name to expect in the server's certificate, where it is not the host of the URL. */
  servername?: string | undefined;
  /** Accepts any certificate. For the workbench only. */
  insecure?: boolean | undefined;
}

export interface MqttOptions {
  /** `mqtt:`, `mqtts:`, `ws:` or `wss:`. */
  url: string;
  username?: string | undefined;
  password?: string | undefined;
  keepaliveSeconds?: number | undefined;
  /** How long the broker keeps messages for a box that is off. MQTT 5 only; older brokers have a setting of their own. */
  sessionExpirySeconds?: number | undefined;
  tls?: TlsOptions | undefined;
}

export interface WebSocketOptions {
  /** `ws:` or `wss:`; `/stb/v1/ws` is appended where it has no path. */
  url: string;
  token: string;
  pingSeconds?: number | undefined;
  tls?: TlsOptions | undefined;
}

export interface HeartbeatOptions {
  /** `http:` or `https:`; `/iptv/app/heartbeat` and `/stb/v1/reports` are appended to its path. */
  url: string;
  token: string;
  /** Between two polls, where the server has no long poll. */
  intervalSeconds?: number | undefined;
  /** How long a server may hold a poll; 0 asks for no long poll. */
  longPollSeconds?: number | undefined;
  /** How long an answer may take, beyond `longPollSeconds`. */
  timeoutSeconds?: number | undefined;
  tls?: TlsOptions | undefined;
}

export interface MinistraOptions {
  /** `http:` or `https:`; the portal, its page or its `load.php`. */
  url: string;
  login?: string | undefined;
  password?: string | undefined;
  /** What the box says it is: `stb_type`, `sn`, and the ids that the portal pins at the first sight of them. */
  model?: string | undefined;
  serial?: string | undefined;
  deviceId?: string | undefined;
  deviceId2?: string | undefined;
  signature?: string | undefined;
  imageVersion?: string | undefined;
  hardwareVersion?: string | undefined;
  /** The line of versions, `ver`. */
  version?: string | undefined;
  /** The box's zone, an IANA name that the portal knows. */
  timezone?: string | undefined;
  /** When a message is confirmed. */
  confirm?: 'shown' | 'read' | undefined;
  /** How much of `watchdog_timeout` lies between two polls: somewhat less than all of it, or the box flaps. */
  pollFactor?: number | undefined;
  timeoutSeconds?: number | undefined;
  /** Where the token is kept over restarts. */
  stateFile?: string | undefined;
  tls?: TlsOptions | undefined;
}

/** What holds where an option is left out. */
export const upstreamDefaults = {
  mqtt: { keepaliveSeconds: 30, sessionExpirySeconds: 7 * 24 * 3600 },
  websocket: { pingSeconds: 20 },
  heartbeat: { intervalSeconds: 60, longPollSeconds: 25, timeoutSeconds: 15 },
  ministra: {
    model: 'MAG254',
    imageVersion: '218',
    hardwareVersion: '2.6-IB-00',
    // Infomir's server takes no player older than 0x566.
    version:
      'ImageDescription: 0.2.18-r14-254; ImageDate: Fri Jan 15 15:20:44 EET 2016; PORTAL version: 5.3.0; API Version: JS API version: 328; STB API version: 134; Player Engine version: 0x566',
    confirm: 'read',
    pollFactor: 0.9,
    timeoutSeconds: 60,
  },
} as const;
