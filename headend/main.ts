import { mkdirSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { ensureAdministrator } from './administrator.ts';
import { apiRoutes } from './api/routes.ts';
import { createServer } from './api/server.ts';
import { startBroker } from './broker/broker.ts';
import { type HeadendConfig, type HeadendConfigInput, parseConfig } from './config.ts';
import { type Demo, prepareDemo } from './demo/demo.ts';
import { createFleet } from './fleet/fleet.ts';
import { followGuide } from './guide-file.ts';
import { createLog } from './log.ts';
import { type ManagementHost, startManagementHost } from './management-host.ts';
import { createMinistra, type MinistraSettings } from './ministra/ministra.ts';
import { openStore } from './store/store.ts';

/** A running headend. */
export type Headend = {
  /** The HTTP address without a trailing slash. */
  url: string;
  mqttUrl: string;
  /** The administrator's token, at the first start and in a demonstration; it cannot be read later. */
  adminToken?: string;
  demo?: Demo;
  /** Where boxes open their management tunnels, and the public key to pin. */
  management?: { port: number; hostKey: string };
  /** Closes every connection and the store; resolves when nothing runs any more. */
  close(): Promise<void>;
};

/** Starts the headend. Throws ConfigError for a bad configuration, and whatever the system says of a port or a directory. */
export async function startHeadend(input: HeadendConfigInput): Promise<Headend> {
  const config = parseConfig(input);
  const log = createLog(config.log.level);
  const dataDir = config.data_dir;
  await named(`data_dir = ${JSON.stringify(dataDir)}`, () => mkdirSync(dataDir, { recursive: true, mode: 0o700 }));
  const store = openStore(join(dataDir, 'headend.db'), {
    actionDays: config.retention.action_days,
    actionCount: config.retention.action_count,
    telemetryDays: config.retention.telemetry_days,
    telemetryCount: config.retention.telemetry_count,
  });
  const undo: (() => Promise<unknown>)[] = [() => store.close()];
  const close = async () => {
    for (const step of undo.splice(0).reverse()) await step();
  };

  try {
    const issued = ensureAdministrator(store, config.admin_token);
    const demo = config.demo
      ? prepareDemo({ store, dataDir, boxes: config.demo_boxes, adminToken: issued })
      : undefined;
    const fleet = createFleet({ store, artifactsDir: join(dataDir, 'artifacts'), log: log.child({ part: 'fleet' }) });
    undo.push(() => fleet.close());
    const broker = await named('broker', () => startBroker(config.broker, fleet, log.child({ part: 'broker' })));
    undo.push(() => broker.close());

    if (config.epg !== undefined) {
      const unfollow = followGuide(store, config.epg.file, log.child({ part: 'guide' }));
      undo.push(async () => unfollow());
    }

    const app = await createServer(log.child({ part: 'http' }));
    undo.push(() => app.close());
    const management = config.management && (await startManagement(config.management, dataDir, log));
    if (management !== undefined) undo.push(() => management.close());
    const ministra = createMinistra({
      fleet,
      settings: ministraSettings(config, demo),
      log: log.child({ part: 'ministra' }),
    });
    await apiRoutes(app, { fleet, ministra, dataDir, log });
    await named('http', () => app.listen({ host: config.http.host, port: config.http.port }));
    const { port } = app.server.address() as AddressInfo;
    const host = config.http.host.includes(':') ? `[${config.http.host}]` : config.http.host;
    const url = `http://${host}:${port}`;

    const adminToken = demo?.users.admin.token ?? issued;
    log.info({ url, mqttUrl: broker.url, dataDir }, 'headend is ready');
    return {
      url,
      mqttUrl: broker.url,
      ...(adminToken === undefined ? {} : { adminToken }),
      ...(demo === undefined ? {} : { demo }),
      ...(management === undefined ? {} : { management: { port: management.port, hostKey: management.hostKey } }),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** What the system says while something of the configuration is put into use, with its name in front. */
async function named<T>(name: string, use: () => T | Promise<T>): Promise<T> {
  try {
    return await use();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    throw new Error(`${name}: ${error.message}`, { cause: error });
  }
}

/** In a demonstration, boxes that make themselves known are the business customer's, and operators sign in with what was made for it. */
function ministraSettings({ ministra }: HeadendConfig, demo: Demo | undefined): MinistraSettings {
  const { login = demo?.ministra.login, password = demo?.ministra.password } = ministra;
  const timezone = ministra.timezone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return { ...ministra, login, password, timezone, customer: ministra.customer ?? demo?.customers.business };
}

function startManagement(
  config: NonNullable<HeadendConfig['management']>,
  dataDir: string,
  log: Logger,
): Promise<ManagementHost> {
  const settings = {
    host: config.host,
    port: config.port,
    hostKeyFile: config.host_key_file ?? join(dataDir, 'management-host-key'),
    authorizedKeys: config.authorized_keys,
    log: log.child({ part: 'management' }),
  };
  return named('management', () => startManagementHost(settings));
}
