import { dirname, join } from 'node:path';
import { openSecrets } from '../secrets.ts';
import { type Accounts, createAccounts } from './accounts.ts';
import { type Actions, createActions } from './actions.ts';
import { type AppDevices, createAppDevices } from './app-devices.ts';
import { type Artifacts, createArtifacts } from './artifacts.ts';
import { type AuditLog, createAuditLog } from './audit.ts';
import { type Boxes, createBoxes } from './boxes.ts';
import { type Channels, createChannels } from './channels.ts';
import { type Customers, createCustomers } from './customers.ts';
import { openDatabase } from './database.ts';
import { createDocuments, type Documents } from './documents.ts';
import { createDrmAccounts, type DrmAccounts } from './drm-accounts.ts';
import { createFleetActions, type FleetActions } from './fleet-actions.ts';
import { createFleetRows, type FleetRows } from './fleet-rows.ts';
import { type Commit, createGroupCommit } from './group-commit.ts';
import { createGroups, type Groups } from './groups.ts';
import { createLineupTold, type LineupTold } from './lineup-told.ts';
import { createPackages, type Packages } from './packages.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { createPortalBoxes, type PortalBoxes } from './portal-boxes.ts';
import { createPortalEvents, type PortalEvents } from './portal-events.ts';
import { createPortalNumbers, type PortalNumbers } from './portal-numbers.ts';
import { createProgrammes, type Programmes } from './programmes.ts';
import { createReports, type Reports } from './reports.ts';
import { createResellers, type Resellers } from './resellers.ts';
import { createRetention, type Retention } from './retention.ts';
import { createRolloutBoxes, type RolloutBoxes } from './rollout-boxes.ts';
import { createRollouts, type Rollouts } from './rollouts.ts';
import { createServices, type Services } from './services.ts';
import { createSubscriptions, type Subscriptions } from './subscriptions.ts';
import { createTariffs, type Tariffs } from './tariffs.ts';
import { createTelemetryHistory, type TelemetryHistory } from './telemetry.ts';
import { createTokens, type Tokens } from './tokens.ts';
import { createUsers, type Users } from './users.ts';

/** Everything the headend keeps, one file per noun. */
export type Store = {
  customers: Customers;
  users: Users;
  tokens: Tokens;
  boxes: Boxes;
  fleetRows: FleetRows;
  fleetActions: FleetActions;
  rollouts: Rollouts;
  rolloutBoxes: RolloutBoxes;
  groups: Groups;
  channels: Channels;
  packages: Packages;
  subscriptions: Subscriptions;
  lineupTold: LineupTold;
  documents: Documents;
  pictures: Pictures;
  drmAccounts: DrmAccounts;
  appDevices: AppDevices;
  programmes: Programmes;
  accounts: Accounts;
  services: Services;
  tariffs: Tariffs;
  resellers: Resellers;
  portalBoxes: PortalBoxes;
  portalEvents: PortalEvents;
  portalNumbers: PortalNumbers;
  actions: Actions;
  reports: Reports;
  telemetry: TelemetryHistory;
  artifacts: Artifacts;
  audit: AuditLog;
  /** Runs `work` in a transaction of its own, on disk when it returns. */
  transaction<T>(work: () => T): T;
  /** Runs `work` in a transaction shared with others of the same moment; for what the boxes say. */
  commit: Commit;
  /** Deletes what is too old, and returns the actions that are gone. */
  retain(now: number): Promise<string[]>;
  /** Waits for what is being committed, then lets go of the file. */
  close(): Promise<void>;
};

/** Opens the store in a file, which is made when it is missing, as is the key of its secrets beside it. */
export function openStore(file: string, retention: Retention): Store {
  const db = openDatabase(file);
  const secrets = openSecrets(join(dirname(file), 'secrets.key'));
  const commit = createGroupCommit(db);
  return {
    customers: createCustomers(db),
    users: createUsers(db),
    tokens: createTokens(db),
    boxes: createBoxes(db),
    fleetRows: createFleetRows(db),
    fleetActions: createFleetActions(db),
    rollouts: createRollouts(db),
    rolloutBoxes: createRolloutBoxes(db),
    groups: createGroups(db),
    channels: createChannels(db),
    packages: createPackages(db),
    subscriptions: createSubscriptions(db),
    lineupTold: createLineupTold(db),
    documents: createDocuments(db),
    pictures: createPictures(db),
    drmAccounts: createDrmAccounts(db, secrets),
    appDevices: createAppDevices(db),
    programmes: createProgrammes(db),
    accounts: createAccounts(db),
    services: createServices(db),
    tariffs: createTariffs(db),
    resellers: createResellers(db),
    portalBoxes: createPortalBoxes(db),
    portalEvents: createPortalEvents(db),
    portalNumbers: createPortalNumbers(db),
    actions: createActions(db),
    reports: createReports(db),
    telemetry: createTelemetryHistory(db),
    artifacts: createArtifacts(db),
    audit: createAuditLog(db),
    transaction: (work) => db.transaction(work)(),
    commit,
    retain: createRetention(db, retention),
    async close() {
      await commit(() => undefined);
      db.close();
    },
  };
}
