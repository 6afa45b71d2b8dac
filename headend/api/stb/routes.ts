import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.ts';
import { actionRoutes } from './actions.ts';
import { artifactRoute } from './artifacts.ts';
import { auditRoute } from './audit.ts';
import { boxRoutes } from './boxes.ts';
import { customerRoutes } from './customers.ts';
import { customerDocumentRoutes } from './documents.ts';
import { eventRoute } from './events.ts';
import { fleetRoute } from './fleet.ts';
import { fleetActionRoutes } from './fleet-actions.ts';
import { guideRoute } from './guide.ts';
import { listRoutes } from './lists.ts';
import { pairingRoute } from './pairing.ts';
import { previewRoute } from './preview.ts';
import { repeatRoutes } from './repeat.ts';
import { rolloutRoutes } from './rollouts.ts';
import { sessionRoutes } from './session.ts';
import { subscriptionRoutes } from './subscriptions.ts';
import { tariffRoutes } from './tariffs.ts';
import { telemetryRoutes } from './telemetry.ts';
import { userRoutes } from './users.ts';

/** The headend's own API for operators. */
export function fleetRoutes(app: FastifyInstance, context: ApiContext): void {
  sessionRoutes(app, context);
  fleetRoute(app, context);
  fleetActionRoutes(app, context);
  rolloutRoutes(app, context);
  boxRoutes(app, context);
  telemetryRoutes(app, context);
  actionRoutes(app, context);
  previewRoute(app, context);
  repeatRoutes(app, context);
  artifactRoute(app, context);
  auditRoute(app, context);
  eventRoute(app, context);
  listRoutes(app, context);
  customerRoutes(app, context);
  userRoutes(app, context);
  tariffRoutes(app, context);
  subscriptionRoutes(app, context);
  pairingRoute(app, context);
  customerDocumentRoutes(app, context);
  app.register((scope) => guideRoute(scope, context));
}
