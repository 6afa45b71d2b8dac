import { connect as connectTcp, isIP } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { connect, type IClientOptions, MqttClient } from 'mqtt';
import { writeToStream } from 'mqtt-packet';

/** IANA: mqtt, secure-mqtt. */
const ports = { plain: 1883, secure: 8883 };

// Otherwise the library makes a buffer of every number there is in MQTT, 12 MB of them, to save their making.
writeToStream.cacheNumbers = false;

/**
 * A client of the library over a socket of ours. The library's own way to a socket loads all it could ever speak, which costs
 * 4 MB more, and leaves Nagle's algorithm on: with TCP's delayed acknowledgement a QoS 1 round trip then takes 44 ms
 * instead of under 1. MQTT over WebSocket goes the library's way.
 */
export function createClient(url: string, options: IClientOptions): MqttClient {
  const { protocol, hostname, port } = new URL(url);
  if (protocol !== 'mqtt:' && protocol !== 'mqtts:') return connect(url, options);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  const open =
    protocol === 'mqtt:'
      ? () => connectTcp({ host, port: Number(port) || ports.plain })
      : () => connectTls({ host, port: Number(port) || ports.secure, ...secured(host, options) });
  return new MqttClient(() => open().setNoDelay(true), options);
}

function secured(host: string, options: IClientOptions): ConnectionOptions {
  const { ca, cert, key, rejectUnauthorized = true } = options;
  // RFC 6066, 3: the name that is asked for is never an address.
  const servername = options.servername ?? (isIP(host) === 0 ? host : '');
  return { rejectUnauthorized, servername, ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}
