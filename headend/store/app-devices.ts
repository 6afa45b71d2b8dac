import type { Db } from './database.ts';

/** What is known of a device that signed in by itself: an app, a tablet, a box that was paired. Times are milliseconds. */
export type AppDevice = {
  box: string;
  /** The id that the device made for itself. */
  deviceId: string | null;
  serial: string | null;
  /** The type as the device says it, `ANDROIDTV` for one; the box's own type is the nearest one that the store has. */
  appType: string | null;
  model: string | null;
  version: string | null;
  /** The DRM account it signed in with, and since when it has that licence. */
  account: string | null;
  accountSince: number | null;
  /** A device that was signed in by its serial number or id is locked until its token is reset. */
  loggedInAt: number | null;
  facts: Record<string, unknown>;
};

type Row = Omit<AppDevice, 'facts'> & { facts: string };
export type AppDevices = ReturnType<typeof createAppDevices>;

const columns = `box, device_id AS deviceId, serial, app_type AS appType, model, version, account, account_since AS accountSince,
  logged_in_at AS loggedInAt, facts`;

export function createAppDevices(db: Db) {
  const byBox = db.prepare<[string], Row>(`SELECT ${columns} FROM app_devices WHERE box = ?`);
  const byDeviceId = db.prepare<[string], Row>(`SELECT ${columns} FROM app_devices WHERE device_id = ?`);
  const bySerial = db.prepare<[string], Row>(`SELECT ${columns} FROM app_devices WHERE serial = ?`);
  const put = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO app_devices (box, device_id, serial, app_type, model, version, account, account_since, logged_in_at, facts)
       VALUES (@box, @deviceId, @serial, @appType, @model, @version, @account, @accountSince, @loggedInAt, @facts)
     ON CONFLICT (box) DO UPDATE SET device_id = @deviceId, serial = @serial, app_type = @appType, model = @model, version = @version,
       account = @account, account_since = @accountSince, logged_in_at = @loggedInAt, facts = @facts`,
  );
  const position = db.prepare<[string, string, number, number]>(
    'INSERT OR REPLACE INTO playback (box, program, position, at) VALUES (?, ?, ?, ?)',
  );
  const positionOf = db.prepare<[string, string], { position: number }>(
    'SELECT position FROM playback WHERE box = ? AND program = ?',
  );
  const log = db.prepare<[string, number, string]>('INSERT INTO app_events (box, at, body) VALUES (?, ?, ?)');
  const trim = db.prepare<[string, string, number]>(
    `DELETE FROM app_events WHERE box = ? AND seq <= coalesce(
       (SELECT seq FROM app_events WHERE box = ? ORDER BY seq DESC LIMIT 1 OFFSET ?), 0)`,
  );
  const events = db.prepare<[string, number], { at: number; body: string }>(
    'SELECT at, body FROM app_events WHERE box = ? ORDER BY seq DESC LIMIT ?',
  );

  const toDevice = (row: Row | undefined): AppDevice | undefined => row && { ...row, facts: JSON.parse(row.facts) };
  const blank = (box: string): AppDevice => ({
    box,
    deviceId: null,
    serial: null,
    appType: null,
    model: null,
    version: null,
    account: null,
    accountSince: null,
    loggedInAt: null,
    facts: {},
  });
  const get = (box: string): AppDevice => toDevice(byBox.get(box)) ?? blank(box);

  return {
    /** What is known of a box; empty where it never said anything. */
    get,
    byDeviceId: (deviceId: string): AppDevice | undefined => toDevice(byDeviceId.get(deviceId)),
    bySerial: (serial: string): AppDevice | undefined => toDevice(bySerial.get(serial)),
    /** Changes what is given and leaves the rest. */
    change(box: string, change: Partial<Omit<AppDevice, 'box'>>): void {
      const changed = { ...get(box), ...change };
      put.run({ ...changed, facts: JSON.stringify(changed.facts) });
    },
    /** How far into a programme the device is, in seconds. */
    setPosition: (box: string, program: string, seconds: number, now: number): void =>
      void position.run(box, program, seconds, now),
    position: (box: string, program: string): number | undefined => positionOf.get(box, program)?.position,
    /** Keeps what a device says went wrong, the newest `keep` of it. */
    logEvent: db.transaction((box: string, event: unknown, now: number, keep: number): void => {
      log.run(box, now, JSON.stringify(event));
      trim.run(box, box, keep);
    }),
    /** Newest first. */
    events: (box: string, limit: number): { at: number; event: unknown }[] =>
      events.all(box, limit).map(({ at, body }) => ({ at, event: JSON.parse(body) })),
  };
}
