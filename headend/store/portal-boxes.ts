import { createHash } from 'node:crypto';
import type { Db } from './database.ts';

/** What a box has said of itself over the portal's protocol. Texts that it never said are empty. */
export type PortalBox = {
  box: string;
  /** It made itself known; no operator did. */
  selfRegistered: boolean;
  serial: string;
  /** The ids of the hardware, kept from the first time they are said. */
  deviceId: string;
  deviceId2: string;
  version: string;
  ip: string;
  /** When it last said what it plays; milliseconds. */
  lastActive: number | null;
};

type Row = Omit<PortalBox, 'selfRegistered'> & { selfRegistered: number };
export type PortalBoxes = ReturnType<typeof createPortalBoxes>;

const columns = `box, self_registered AS selfRegistered, serial, device_id AS deviceId, device_id2 AS deviceId2, version, ip,
  last_active AS lastActive`;

/** The boxes of the portal's protocol, and their tokens. Only a token's SHA-256 is stored; it may be one that the box made up. */
export function createPortalBoxes(db: Db) {
  const byBox = db.prepare<[string], Row>(`SELECT ${columns} FROM portal_boxes WHERE box = ?`);
  const byDevice = db.prepare<[string], { box: string }>('SELECT box FROM portal_boxes WHERE device_id2 = ?');
  const put = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO portal_boxes (box, self_registered, serial, device_id, device_id2, version, ip, last_active)
       VALUES (@box, @selfRegistered, @serial, @deviceId, @deviceId2, @version, @ip, @lastActive)
     ON CONFLICT (box) DO UPDATE SET self_registered = @selfRegistered, serial = @serial, device_id = @deviceId, device_id2 = @deviceId2,
       version = @version, ip = @ip, last_active = @lastActive`,
  );
  const active = db.prepare<[number, string]>('UPDATE portal_boxes SET last_active = ? WHERE box = ?');
  const seen = db.prepare<[string, string, string]>('UPDATE portal_boxes SET ip = ? WHERE box = ? AND ip <> ?');
  const token = db.prepare<[string], { token: Buffer | null }>('SELECT token FROM portal_boxes WHERE box = ?');
  const putToken = db.prepare<[Buffer | null, string]>('UPDATE portal_boxes SET token = ? WHERE box = ?');
  const forget = db.prepare<[string]>(
    `UPDATE portal_boxes SET token = NULL, device_id = '', device_id2 = '' WHERE box = ?`,
  );

  return {
    get(box: string): PortalBox | undefined {
      const row = byBox.get(box);
      return row && { ...row, selfRegistered: row.selfRegistered === 1 };
    },
    /** The boxes with this second id of the hardware; there should be one. */
    withDeviceId2: (id: string): string[] => byDevice.all(id).map((row) => row.box),
    put: (box: PortalBox): void => void put.run({ ...box, selfRegistered: box.selfRegistered ? 1 : 0 }),
    active: (box: string, at: number): void => void active.run(at, box),
    seen: (box: string, ip: string): void => void seen.run(ip, box, ip),
    /** Takes the token that the box comes with; undefined for none, with which any passes, as on a real portal. */
    keepToken: (box: string, given: string | undefined): void =>
      void putToken.run(given === undefined ? null : hash(given), box),
    hasToken: (box: string, given: string): boolean => token.get(box)?.token?.equals(hash(given)) ?? false,
    /** Whether a box may come with this token: it is the one that was taken last, or none was. */
    admits(box: string, given: string | undefined): boolean {
      const kept = token.get(box)?.token ?? null;
      return kept === null || (given !== undefined && kept.equals(hash(given)));
    },
    /** Drops the token and the ids of the hardware: the next one who comes with the MAC is taken for the box. */
    forget: (box: string): void => void forget.run(box),
  };
}

function hash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
