import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createActions } from '../../headend/store/actions.ts';
import { openDatabase } from '../../headend/store/database.ts';
import { createFleetActions } from '../../headend/store/fleet-actions.ts';
import { temporaryDirectory } from '../support/temporary.ts';

test('an index leads to each page of a list of actions, and none is sorted', () => {
  const db = openDatabase(join(temporaryDirectory(), 'headend.db'));
  const asked: string[] = [];
  const prepare = db.prepare.bind(db);
  db.prepare = ((sql: string) => {
    asked.push(sql);
    return prepare(sql);
  }) as typeof db.prepare;
  const [actions, requests] = [createActions(db), createFleetActions(db)];
  const bound = { scope: '["c"]', before: 5, box: 'b', type: 'UI', state: 'done', request: 'r', id: 'r', least: 2 };
  /** How the pages that `read` reads are found. */
  const planOf = (read: () => unknown): string => {
    asked.length = 0;
    read();
    const sql = asked.findLast((statement) => statement.includes('@limit')) as string;
    const plan = prepare(`EXPLAIN QUERY PLAN ${sql}`).all({ ...bound, offset: 0, limit: 1 }) as { detail: string }[];
    return plan.map(({ detail }) => detail).join('\n');
  };
  const paging = { offset: 0, limit: 1, before: 5 };
  const [scope, least] = [['c'], 1];
  const plans = [
    [planOf(() => actions.list({ scope }, paging)), 'USING INTEGER PRIMARY KEY (rowid<?)'],
    [planOf(() => actions.list({ scope, box: 'b' }, paging)), 'USING INDEX actions_box (box=? AND seq<?)'],
    [planOf(() => actions.list({ scope, type: 'UI' }, paging)), 'USING INDEX actions_type (type=? AND seq<?)'],
    [planOf(() => actions.list({ scope, state: 'done' }, paging)), 'USING INDEX actions_state (state=? AND seq<?)'],
    [
      planOf(() => actions.list({ scope, request: 'r' }, paging)),
      'USING INDEX actions_request (request=? AND rowid<?)',
    ],
    [planOf(() => requests.list(scope, { least, limit: 1, before: 5 })), 'USING INDEX actions_request (request<?)'],
    [planOf(() => requests.list(scope, { type: 'UI', least, limit: 1 })), 'USING INDEX actions_type_request (type=?)'],
  ] as const;
  for (const [plan, way] of plans) {
    expect(plan).toContain(way);
    expect(plan).not.toContain('FOR ORDER BY');
  }
  db.close();
});
