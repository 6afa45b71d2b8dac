import type { Logger } from 'pino';
import type { Fleet } from '../fleet/fleet.ts';
import type { Authentication } from './authenticate.ts';

/** What the routes of all APIs are made with. */
export type ApiContext = { fleet: Fleet; authentication: Authentication; log: Logger };
