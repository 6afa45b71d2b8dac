import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Fleet } from '../fleet/fleet.ts';
import type { Ministra } from '../ministra/ministra.ts';
import { ndt7 } from '../ndt7.ts';
import { appRoutes } from './app/routes.ts';
import { createAudit } from './audit/audit.ts';
import { auditCalls } from './audit/hooks.ts';
import { createAuthentication } from './authenticate.ts';
import { boxSideRoutes } from './box/routes.ts';
import { consoleRoutes } from './console.ts';
import type { ApiContext } from './context.ts';
import { ministraRoutes } from './ministra/routes.ts';
import { portalRoutes } from './portal/routes.ts';
import { serviceRoutes } from './service.ts';
import { fleetRoutes } from './stb/routes.ts';
import { telecomXRoutes } from './telecomx/routes.ts';

/** Every route of the headend. */
export async function apiRoutes(
  app: FastifyInstance,
  parts: { fleet: Fleet; ministra: Ministra; dataDir: string; log: Logger },
): Promise<void> {
  const { fleet, dataDir } = parts;
  const log = parts.log.child({ part: 'api' });
  const context: ApiContext = { fleet, authentication: createAuthentication(fleet.store), log };
  const audit = createAudit(fleet.store, log);
  auditCalls(app, context, audit);
  await boxSideRoutes(app, context, join(dataDir, 'firmware'));
  telecomXRoutes(app, context);
  appRoutes(app, context);
  fleetRoutes(app, context);
  await ministraRoutes(app, parts.ministra, audit);
  await portalRoutes(app, parts.ministra);
  serviceRoutes(app, context, dataDir);
  await consoleRoutes(app);
  await app.register(async (scope) => ndt7(scope));
}
