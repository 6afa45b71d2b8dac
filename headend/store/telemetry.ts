import type { Telemetry } from '../../agent/protocol/messages.ts';
import type { Db } from './database.ts';
import { type Page, type Paging, page } from './page.ts';
import { type FigureName, figureNames, type Gathered, gather, type Tallies, type Tally } from './telemetry-figures.ts';

export type StoredTelemetry = Telemetry & { receivedAt: number };
/** A span of time, in milliseconds. */
export type Span = { from: number; to: number };
export type TelemetryHistory = ReturnType<typeof createTelemetryHistory>;

export const hourMs = 3_600_000;

type SpanRow = { part: number; reports: number; last: number } & Record<string, number | null>;
type HourRow = { hour: number; reports: number; last: number; figures: string };

/** What the boxes said about how they are, for as long as the retention keeps it: every report, or what is left of it hour by hour. */
export function createTelemetryHistory(db: Db) {
  const insert = db.prepare<[string, number, string]>(
    'INSERT INTO telemetry (box, received_at, body) VALUES (?, ?, ?)',
  );
  const byPart = db.prepare<[Record<string, unknown>], SpanRow>(
    `WITH said AS MATERIALIZED (
       SELECT received_at AS at, ${figureNames.map((name) => `body ->> '$.${name}' AS ${name}`).join(', ')}
       FROM telemetry WHERE box = @box AND received_at >= @from AND received_at < @to
     )
     SELECT CAST((at - @from) / @size AS INTEGER) AS part, count(*) AS reports, max(at) AS last,
       ${figureNames.map((name) => `count(${name}) AS ${name}_count, sum(${name}) AS ${name}_sum, min(${name}) AS ${name}_least, max(${name}) AS ${name}_most`).join(',\n       ')}
     FROM said GROUP BY part`,
  );
  const hours = db.prepare<[Record<string, unknown>], HourRow>(
    `SELECT hour, reports, last_at AS last, figures FROM telemetry_hours
     WHERE box = @box AND hour >= @from - ${hourMs} AND last_at >= @from AND last_at < @to`,
  );

  return {
    add: (box: string, message: Telemetry, now: number): void => void insert.run(box, now, JSON.stringify(message)),
    /** Newest first. */
    list(box: string, span: { [End in keyof Span]?: Span[End] | undefined }, paging: Paging): Page<StoredTelemetry> {
      const found = page<{ body: string; received_at: number }>(db, {
        from: 'telemetry',
        where: [
          'box = @box',
          span.from !== undefined && 'received_at >= @from',
          span.to !== undefined && 'received_at < @to',
        ],
        order: 'seq DESC',
        bind: { box, ...span },
        paging,
      });
      return {
        total: found.total,
        items: found.items.map((row) => ({ ...JSON.parse(row.body), receivedAt: row.received_at })),
      };
    },
    /** The reports of a span gathered into at most so many equal parts, the oldest first; parts without a report are left out. */
    parts(box: string, { from, to }: Span, count: number): Gathered[] {
      const size = Math.max(1, Math.ceil((to - from) / count));
      const found = new Map<number, Gathered>();
      const take = (part: number, some: Gathered) => {
        const known = found.get(part);
        found.set(part, known === undefined ? some : gather(known, some));
      };
      for (const row of byPart.all({ box, from, to, size })) take(row.part, toGathered(row));
      for (const { reports, last, figures } of hours.all({ box, from, to })) {
        take(Math.floor((last - from) / size), { reports, last, figures: JSON.parse(figures) });
      }
      return [...found].sort(([a], [b]) => a - b).map(([, gathered]) => gathered);
    },
  };
}

function toGathered(row: SpanRow): Gathered {
  const figures: Tallies = {};
  for (const name of figureNames) {
    if (row[`${name}_count`]) figures[name] = tallyOf(row, name);
  }
  return { reports: row.reports, last: row.last, figures };
}

function tallyOf(row: SpanRow, name: FigureName): Tally {
  const [count, sum, least, most] = ['count', 'sum', 'least', 'most'].map((word) => Number(row[`${name}_${word}`]));
  return [count as number, sum as number, least as number, most as number];
}
