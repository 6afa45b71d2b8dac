import type { Logger } from 'pino';
import type { HeadendConfig } from '../config.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { type Broker, startEmbeddedBroker } from './embedded.ts';
import { connectOutsideBroker } from './outside.ts';

/** The broker of the configuration: the one at `url`, or the embedded one. */
export async function startBroker(config: HeadendConfig['broker'], fleet: Fleet, log: Logger): Promise<Broker> {
  if (config.url === undefined) return startEmbeddedBroker({ host: config.host, port: config.port, fleet, log });
  const { url, username, password } = config;
  return connectOutsideBroker({ url, username, password, fleet, log });
}
