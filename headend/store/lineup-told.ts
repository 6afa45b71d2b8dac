import type { Db } from './database.ts';
import { isCurrent } from './subscriptions.ts';

/** What a box was last told of: digests of its line-up and of its tuner's services, and what it is still to be sent. */
export type Told = { box: string; lineup: string; services: string; channelsDue: boolean; dvbDue: boolean };
export type LineupTold = ReturnType<typeof createLineupTold>;

type Row = { box: string; lineup: string; services: string; channels_due: number; dvb_due: number };

/** What makes two line-ups differ before any channel is looked at: boxes that agree in it have the same. */
export type LineupKey = { box: string; customer: string; streamOnly: number; packages: string; channels: string };

/** What each box knows of its line-up, so that a change is told once to the boxes it touches and to no other. */
export function createLineupTold(db: Db) {
  const byBox = db.prepare<[string], Row>('SELECT * FROM lineup_told WHERE box = ?');
  const put = db.prepare<[Record<string, unknown>]>(
    `INSERT INTO lineup_told (box, lineup, services, channels_due, dvb_due, checked_at)
       VALUES (@box, @lineup, @services, @channelsDue, @dvbDue, @now)
     ON CONFLICT (box) DO UPDATE SET lineup = @lineup, services = @services, channels_due = @channelsDue, dvb_due = @dvbDue,
       checked_at = @now`,
  );
  const due = db.prepare<[], Row>('SELECT * FROM lineup_told WHERE channels_due = 1 OR dvb_due = 1');
  const settleChannels = db.prepare<[string, string]>(
    'UPDATE lineup_told SET channels_due = 0 WHERE box = ? AND lineup = ?',
  );
  const settleDvb = db.prepare<[string, string]>('UPDATE lineup_told SET dvb_due = 0 WHERE box = ? AND services = ?');
  const turned = db.prepare<[Record<string, unknown>], { box: string }>(
    `SELECT b.box FROM box_packages b JOIN lineup_told t ON t.box = b.box
       WHERE b.starts_at > @since AND b.starts_at <= @now AND b.starts_at > t.checked_at
     UNION SELECT b.box FROM box_packages b JOIN lineup_told t ON t.box = b.box
       WHERE b.ends_at > @since AND b.ends_at <= @now AND b.ends_at > t.checked_at`,
  );
  const keys = db.prepare<[Record<string, unknown>], LineupKey>(
    `SELECT x.id AS box, x.customer, x.stream_only AS streamOnly, coalesce(
         (SELECT group_concat(package, ',') FROM (SELECT package FROM box_packages WHERE box = x.id AND ${isCurrent} ORDER BY package)),
         CASE WHEN EXISTS (SELECT 1 FROM box_packages WHERE box = x.id) THEN 'none' ELSE '' END) AS packages,
         coalesce((SELECT channels FROM accounts WHERE box = x.id), '') AS channels
       FROM boxes x WHERE x.type = 'STB' AND x.enabled = 1 AND x.id IN (SELECT value FROM json_each(@boxes))`,
  );
  /** The furthest that an action of a type has come that is still under way; 1: it has left for the box. */
  const underWay = db.prepare<[string, string], { sent: number | null }>(
    `SELECT max(sent_at IS NOT NULL) AS sent FROM actions WHERE box = ? AND type = ? AND when_at IS NULL AND cancel_asked = 0
       AND portal_event IS NULL
       AND state IN ('queued', 'delivered', 'accepted', 'started')`,
  );
  const everDone = db.prepare<[string], unknown>(
    `SELECT 1 FROM actions WHERE box = ? AND type = 'DVB' AND state = 'done' LIMIT 1`,
  );

  return {
    get(box: string): Told | undefined {
      const row = byBox.get(box);
      return row && toTold(row);
    },
    put: (told: Told, now: number): void =>
      void put.run({ ...told, channelsDue: told.channelsDue ? 1 : 0, dvbDue: told.dvbDue ? 1 : 0, now }),
    /** The boxes that are still to be sent something. */
    due: (): Told[] => due.all().map(toTold),
    /** CHANNELS has been made for what was told; nothing happens where it has become another line-up meanwhile. */
    settleChannels: ({ box, lineup }: Told): void => void settleChannels.run(box, lineup),
    settleDvb: ({ box, services }: Told): void => void settleDvb.run(box, services),
    /** The boxes of which a subscription has begun or ended after `since`, and after their line-up was last looked at. */
    turned: (since: number, now: number): string[] => turned.all({ since, now }).map((row) => row.box),
    /** Of these, the boxes that take actions, each with what its line-up depends on. */
    keys: (boxes: readonly string[], now: number): LineupKey[] => keys.all({ boxes: JSON.stringify(boxes), now }),
    /** Whether an action of the type is under way: none, one that has not left, or one that the box may have begun. */
    underWay(box: string, type: 'CHANNELS' | 'DVB'): 'none' | 'unsent' | 'sent' {
      const sent = underWay.get(box, type)?.sent;
      if (sent === null || sent === undefined) return 'none';
      return sent === 1 ? 'sent' : 'unsent';
    },
    /** Whether the box has ever carried out a DVB. */
    hasConfiguredTuner: (box: string): boolean => everDone.get(box) !== undefined,
  };
}

function toTold({ box, lineup, services, channels_due, dvb_due }: Row): Told {
  return { box, lineup, services, channelsDue: channels_due === 1, dvbDue: dvb_due === 1 };
}
