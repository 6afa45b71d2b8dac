import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.ts';
import { accountRoute } from './account.ts';
import { channelListRoute } from './channels.ts';
import { codeRoutes } from './codes.ts';
import { appDeviceRoutes } from './devices.ts';
import { documentRoutes } from './documents.ts';
import { guideRoutes } from './guide.ts';
import { loginRoutes } from './login.ts';
import { playbackRoutes } from './playback.ts';
import { radioRoutes } from './radio.ts';
import { appReportRoutes } from './reports.ts';

/** The App API of Telecom X: what set-top boxes, tablets and apps call for their viewers. The heartbeat is among the box's calls. */
export function appRoutes(app: FastifyInstance, context: ApiContext): void {
  loginRoutes(app, context);
  codeRoutes(app, context);
  appDeviceRoutes(app, context);
  accountRoute(app, context);
  channelListRoute(app, context);
  playbackRoutes(app, context);
  radioRoutes(app, context);
  guideRoutes(app, context);
  appReportRoutes(app, context);
  documentRoutes(app, context);
}
