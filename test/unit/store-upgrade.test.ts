import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, test } from 'vitest';
import { openDatabase } from '../../headend/store/database.ts';
import { schema, schemaVersion } from '../../headend/store/schema.ts';
import { auditSchema } from '../../headend/store/schema-audit.ts';
import { openStore } from '../../headend/store/store.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const retention = { actionDays: 1, actionCount: 10, telemetryDays: 1, telemetryCount: 10 };

test('a store of the first schema is brought up to date in place, and loses nothing', async () => {
  const file = join(temporaryDirectory(), 'headend.db');
  const old = new Database(file);
  old.exec(schema);
  old.exec(`INSERT INTO customers (id, name) VALUES ('c', 'Old');
    INSERT INTO boxes (id, customer, type, name, created_at) VALUES ('b', 'c', 'STB', 'Box', 1);
    INSERT INTO channels (id, number, name) VALUES ('ch', 1, 'One');
    INSERT INTO packages (id, name, main) VALUES ('p', 'Basic', 1);
    INSERT INTO package_channels (package, channel, reception) VALUES ('p', 'ch', 'BASE');
    INSERT INTO box_packages (box, package) VALUES ('b', 'p');`);
  old.pragma(`user_version = ${schemaVersion}`);
  old.close();
  for (let start = 0; start < 2; start++) {
    const store = openStore(file, retention);
    expect(store.packages.ofBox('b')).toEqual([
      { id: 'p', customer: null, name: 'Basic', main: true, channels: [{ id: 'ch', type: 'BASE' }] },
    ]);
    expect(store.subscriptions.ofBox('b')).toEqual([{ package: 'p', start: null, end: null }]);
    expect(store.channels.get('ch')).toMatchObject({ name: 'One', epgId: null, catchUp: null });
    await store.close();
  }
});

test('what was asked of many boxes before requests were noted is one request still', async () => {
  const file = join(temporaryDirectory(), 'headend.db');
  const old = new Database(file);
  old.exec(schema);
  old.exec(`INSERT INTO customers (id, name) VALUES ('c', 'Old');
    INSERT INTO boxes (id, customer, type, name, created_at) VALUES ('b', 'c', 'STB', 'Box', 1), ('d', 'c', 'STB', 'Box', 1);
    INSERT INTO actions (id, box, type, params, created_at, changed_at) VALUES
      ('1', 'b', 'UI', '{}', 1, 1), ('2', 'd', 'UI', '{}', 1, 1), ('3', 'b', 'UI', '{}', 2, 2);`);
  old.pragma(`user_version = ${schemaVersion}`);
  old.close();
  const store = openStore(file, retention);
  expect(store.fleetActions.list(['c'], { least: 1, limit: 9 })).toMatchObject([
    { id: '3', total: 1 },
    { id: '1', total: 2 },
  ]);
  await store.close();
});

test('a store whose audit did not know the headend keeps every entry of it', async () => {
  const file = join(temporaryDirectory(), 'headend.db');
  openDatabase(file).close();
  const old = new Database(file);
  old.exec(`DROP TABLE audit_outcomes; DROP TABLE audit; ${auditSchema}
    DELETE FROM upgrades WHERE name = 'audit-of-headend';
    INSERT INTO audit (seq, at, kind, name, address, call, target, given) VALUES (7, 1, 'user', 'Ann', '', 'POST /', '', '{}');
    INSERT INTO audit (seq, at, kind, name, address, call, target, given) VALUES (9, 2, 'box', 'Box', '', 'POST /', '', '{}');
    INSERT INTO audit_outcomes VALUES (7, 1, 200, '{}');`);
  old.close();
  const store = openStore(file, retention);
  const actor = {
    kind: 'headend',
    id: null,
    name: 'Headend',
    role: null,
    customer: null,
    token: null,
    address: '',
  } as const;
  expect(store.audit.add({ actor, call: 'rollout done', type: null, target: '', given: {} }, 3)).toBe(10);
  expect(store.audit.list({ within: undefined }, { offset: 0, limit: 9 }).items).toMatchObject([
    { seq: 10, status: null },
    { seq: 9, actor: { name: 'Box' }, status: null },
    { seq: 7, actor: { name: 'Ann' }, status: 200 },
  ]);
  await store.close();
});

test('a store that a newer headend has upgraded is not touched', () => {
  const file = join(temporaryDirectory(), 'headend.db');
  openDatabase(file).close();
  const db = new Database(file);
  db.exec("INSERT INTO upgrades (name, applied_at) VALUES ('of the future', 1)");
  db.close();
  expect(() => openDatabase(file)).toThrow(/"of the future".*start the version that wrote it/);
});
