import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.ts';
import { channelRoutes } from './channels.ts';
import { deviceActionRoutes } from './device-action.ts';
import { deviceChangeRoutes } from './device-changes.ts';
import { deviceRoutes } from './devices.ts';
import { drmRoutes } from './drm.ts';
import { groupActionRoutes } from './group-action.ts';
import { groupMemberRoutes } from './group-members.ts';
import { groupRoutes } from './groups.ts';
import { logoRoutes } from './logos.ts';
import { packageRoutes } from './packages.ts';
import { screenshotRoute } from './screenshot.ts';
import { settingsRoutes } from './settings.ts';

/** The Telecom X calls for operators, one file per documented resource. */
export function telecomXRoutes(app: FastifyInstance, context: ApiContext): void {
  groupActionRoutes(app, context);
  deviceActionRoutes(app, context);
  screenshotRoute(app, context);
  deviceRoutes(app, context);
  deviceChangeRoutes(app, context);
  groupRoutes(app, context);
  groupMemberRoutes(app, context);
  channelRoutes(app, context);
  packageRoutes(app, context);
  settingsRoutes(app, context);
  drmRoutes(app, context);
  app.register((scope) => logoRoutes(scope, context));
}
