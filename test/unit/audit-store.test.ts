import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Actor, NewAuditEntry } from '../../headend/store/audit.ts';
import { openStore, type Store } from '../../headend/store/store.ts';
import { temporaryDirectory } from '../support/temporary.ts';

let file: string;
let store: Store;
beforeEach(() => {
  file = join(temporaryDirectory(), 'headend.db');
  store = openStore(file, { actionDays: 1, actionCount: 1, telemetryDays: 1, telemetryCount: 1 });
});
afterEach(() => store.close());

const ann: Actor = {
  kind: 'user',
  id: 'a',
  name: 'Ann',
  role: 'OWNER',
  customer: 'hotel',
  token: '0123456789ab',
  address: '192.0.2.1',
};
const entry = (more: Partial<NewAuditEntry> = {}, actor: Partial<Actor> = {}): NewAuditEntry => ({
  actor: { ...ann, ...actor },
  call: 'POST /stb/v1/actions',
  type: null,
  target: '',
  given: {},
  ...more,
});
const all = { offset: 0, limit: 100 };

describe('the tables of the audit', () => {
  test.each([
    'UPDATE audit SET name = 1',
    'DELETE FROM audit',
    "REPLACE INTO audit SELECT seq, at, kind, actor, 'Bob', role, customer, token, address, call, type, target, given FROM audit",
    'UPDATE audit_outcomes SET status = 1',
    'DELETE FROM audit_outcomes',
    "REPLACE INTO audit_outcomes SELECT entry, ended_at, 1, '{}' FROM audit_outcomes",
  ])('refuse %s, whoever asks', (sql) => {
    store.audit.end({ status: 200, outcome: {} }, store.audit.add(entry(), 1), 2);
    const other = new Database(file);
    expect(() => other.exec(sql)).toThrow('the audit is only ever added to');
    other.close();
    expect(store.audit.list({ within: undefined }, all).items).toMatchObject([{ actor: { name: 'Ann' }, status: 200 }]);
  });

  test('outlast what the retention deletes', async () => {
    store.audit.add(entry(), 1);
    await store.retain(Date.now());
    expect(store.audit.list({ within: undefined }, all).total).toBe(1);
  });
});

describe('the list', () => {
  test('is newest first, and says of a call that never ended that it did not', () => {
    store.audit.end({ status: 403, outcome: { message: 'type' } }, store.audit.add(entry(), 1), 2);
    store.audit.add(entry({ call: 'DELETE /stb/v1/users/:id' }), 3);
    expect(store.audit.list({ within: undefined }, all).items).toMatchObject([
      { at: 3, call: 'DELETE /stb/v1/users/:id', endedAt: null, status: null, outcome: null },
      { at: 1, endedAt: 2, status: 403, outcome: { message: 'type' } },
    ]);
    expect(store.audit.list({ within: undefined }, { offset: 1, limit: 1 })).toMatchObject({
      total: 2,
      items: [{ at: 1 }],
    });
  });

  test('is searched by text, by who, by token, by type and by time', () => {
    store.audit.add(entry({ type: 'REBOOT', target: 'Room 101', given: { spread: 60 } }), 10);
    store.audit.add(entry({ target: '100% Bar' }, { id: 'b', name: 'Bob', token: 'ba9876543210' }), 20);
    const times = (query: object) => store.audit.list({ within: undefined, ...query }, all).items.map(({ at }) => at);
    expect(times({ text: 'room 1' })).toEqual([10]);
    expect(times({ text: 'spread' })).toEqual([10]);
    expect(times({ text: '0%' })).toEqual([20]);
    expect(times({ actor: 'b' })).toEqual([20]);
    expect(times({ token: '0123456789ab' })).toEqual([10]);
    expect(times({ type: 'REBOOT' })).toEqual([10]);
    expect(times({ from: 11 })).toEqual([20]);
    expect(times({ to: 11 })).toEqual([10]);
    expect(times({ text: 'no such thing' })).toEqual([]);
  });

  test('shows of some customers only, and only those who see no more', () => {
    store.audit.add(entry(), 1);
    store.audit.add(entry({}, { role: 'RESELLER' }), 2);
    store.audit.add(entry({}, { role: null, kind: 'box' }), 3);
    store.audit.add(entry({}, { customer: 'villa' }), 4);
    store.audit.add(entry({}, { customer: null, kind: 'billing', role: null }), 5);
    const within = { customers: ['hotel'], roles: ['VIEWER', 'OWNER'] as const };
    expect(store.audit.list({ within }, all).items.map(({ at }) => at)).toEqual([3, 1]);
    expect(store.audit.list({ within: undefined }, all).total).toBe(5);
  });
});
