import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import type { Logger } from 'pino';
import { ConfigError, type HeadendConfig } from '../config.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type Broker, startEmbeddedBroker } from './embedded.ts';
import { connectOutsideBroker } from './outside.ts';

/** The broker of the configuration: the one at `url`, or the embedded one. Throws ConfigError for a `ca_file` that cannot be used. */
export async function startBroker(config: HeadendConfig['broker'], fleet: Fleet, log: Logger): Promise<Broker> {
  if (config.url === undefined) return startEmbeddedBroker({ host: config.host, port: config.port, fleet, log });
  const { url, username, password, ca_file } = config;
  const ca = ca_file === undefined ? undefined : readAuthorities(ca_file);
  return connectOutsideBroker({ url, username, password, ca, fleet, log });
}

function readAuthorities(file: string): Buffer {
  try {
    const pem = readFileSync(file);
    createSecureContext({ ca: pem });
    if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  } catch (cause) {
    throw new ConfigError(`broker.ca_file: ${file} cannot be used (${(cause as Error).message}); put a PEM file there`);
  }
  throw new ConfigError(`broker.ca_file: there is no certificate in ${file}; put a PEM file there`);
}
