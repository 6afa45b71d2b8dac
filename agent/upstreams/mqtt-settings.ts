import type { IClientOptions } from 'mqtt';
import { topics } from '../protocol/topics.ts';
import { upstreamLimits } from './limits.ts';
import type { MqttVersion } from './mqtt-version.ts';
import { type MqttOptions, upstreamDefaults } from './options.ts';
import { readTls } from './tls.ts';

/** What a session is opened with: who the box is, its last will, and a session that outlives the connection. */
export async function sessionSettings(
  options: MqttOptions,
  boxId: string,
  version: MqttVersion,
): Promise<IClientOptions> {
  const tls = /^(mqtts|wss):/.test(options.url) ? await readTls(options.tls) : undefined;
  return {
    clientId: boxId,
    clean: false,
    protocolVersion: version,
    keepalive: options.keepaliveSeconds ?? upstreamDefaults.mqtt.keepaliveSeconds,
    connectTimeout: upstreamLimits.connectMs,
    will: { topic: topics.presence(boxId), payload: Buffer.from('offline'), qos: 1, retain: true },
    ...credentials(options),
    ...tls,
    wsOptions: { perMessageDeflate: false, handshakeTimeout: upstreamLimits.connectMs, ...tls },
    ...(version === 5 && {
      properties: {
        sessionExpiryInterval: options.sessionExpirySeconds ?? upstreamDefaults.mqtt.sessionExpirySeconds,
        receiveMaximum: upstreamLimits.unacknowledged,
        // A broker keeps back what is larger (3.1.2.11.4), so that one absurd message does not fill the box's memory.
        maximumPacketSize: upstreamLimits.frameBytes,
      },
    }),
  };
}

/** The configured credentials, or those of the URL. */
function credentials(options: MqttOptions): { username?: string; password?: string } {
  const url = new URL(options.url);
  const username = options.username ?? decodeURIComponent(url.username);
  const password = options.password ?? decodeURIComponent(url.password);
  return { ...(username && { username }), ...(password && { password }) };
}
