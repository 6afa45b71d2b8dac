import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.ts';
import { artifactRoutes } from './artifacts.ts';
import { firmwareRoutes } from './firmware.ts';
import { heartbeatRoute } from './heartbeat.ts';
import { lineupRoute } from './lineup.ts';
import { reportsRoute } from './reports.ts';
import { socketRoute } from './socket.ts';

/** What boxes call. */
export async function boxSideRoutes(app: FastifyInstance, context: ApiContext, firmwareDir: string): Promise<void> {
  heartbeatRoute(app, context);
  await app.register((scope) => reportsRoute(scope, context));
  socketRoute(app, context);
  lineupRoute(app, context);
  await app.register((scope) => artifactRoutes(scope, context));
  await app.register((scope) => firmwareRoutes(scope, firmwareDir));
}
