import { join } from 'node:path';
import Database from 'better-sqlite3';
import { expect, it } from 'vitest';
import { schema, schemaVersion } from '../../../headend/store/schema.ts';
import { openStore } from '../../../headend/store/store.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

const retention = { actionDays: 90, actionCount: 1_000, telemetryDays: 14, telemetryCount: 1_000 };
const id = (digit: string) => digit.repeat(24);

/** A database as the first version left it, with a box, channels, a package and an action. */
function writeFirstVersion(file: string): void {
  const db = new Database(file);
  db.exec(schema);
  db.pragma(`user_version = ${schemaVersion}`);
  db.exec(`
    INSERT INTO customers (id, name) VALUES ('${id('c')}', 'Harbour Hotel');
    INSERT INTO boxes (id, customer, mac, type, name, created_at) VALUES
      ('${id('a')}', '${id('c')}', '00:1A:79:00:00:01', 'STB', 'Room 101', 1);
    INSERT INTO channels (id, number, name, base_channel) VALUES
      ('${id('1')}', 1, 'One', 'http://one/'), ('${id('2')}', 2, 'Two', 'http://two/');
    INSERT INTO packages (id, name, main) VALUES ('${id('b')}', 'Basic', 1);
    INSERT INTO package_channels (package, channel, reception) VALUES ('${id('b')}', '${id('1')}', 'BASE');
    INSERT INTO actions (id, box, type, params, created_at, changed_at) VALUES ('${id('d')}', '${id('a')}', 'UI', '{}', 1, 1);
  `);
  db.close();
}

it('a database of the first version is taken over in place: everything has its number, and nothing is lost', async () => {
  const file = join(temporaryDirectory(), 'headend.db');
  writeFirstVersion(file);
  for (let opened = 0; opened < 2; opened++) {
    const store = openStore(file, retention);
    expect(store.portalNumbers.find('box', '1')).toBe(id('a'));
    expect(store.portalNumbers.all('channel')).toEqual(
      new Map([
        [id('1'), 1],
        [id('2'), 2],
      ]),
    );
    expect(store.services.all()).toMatchObject([{ package: id('b'), externalId: 'tv_1', name: 'Basic', type: 'tv' }]);
    expect(store.accounts.of(id('a'))).toMatchObject({ login: null, additionalServices: true, cutOff: false });
    expect(store.actions.get(id('d'))).toMatchObject({ state: 'queued', portalEvent: null, followUp: null });
    await store.close();
  }
});

it('numbers are given once: those of deleted channels are not given again', async () => {
  const file = join(temporaryDirectory(), 'headend.db');
  writeFirstVersion(file);
  const store = openStore(file, retention);
  const blank = { customer: null, radio: false, locals: [], dvbOnly: false, dvb: null, epgId: null, catchUp: null };
  store.channels.remove(id('2'));
  const channel = store.channels.create({ ...blank, baseChannel: null, number: 2, name: 'Two again' });
  expect(store.portalNumbers.of(channel.id)).toBe(3);
  expect(store.portalNumbers.of(id('9'))).toBe(0);
  await store.close();
});

it('a package of channels is a services package, with its name, as long as it lives', async () => {
  const file = join(temporaryDirectory(), 'headend.db');
  writeFirstVersion(file);
  const store = openStore(file, retention);
  store.services.create({
    ...{ externalId: 'tv_3', name: 'Taken', type: 'video', description: '', allServices: false },
    ...{ serviceType: 'periodic', rentDuration: 0, price: '0', services: [] },
  });
  const made = store.packages.create({ customer: null, name: 'Sport', main: false, channels: [] });
  store.packages.update(made.id, { name: 'All sport' });
  expect(store.services.all().map(({ externalId, name }) => [externalId, name])).toEqual([
    ['tv_1', 'Basic'],
    ['tv_3', 'Taken'],
    ['', 'All sport'],
  ]);
  store.packages.remove(made.id, Date.now());
  expect(store.services.all()).toHaveLength(2);
  await store.close();
});
