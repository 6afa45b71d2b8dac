import { newId } from '../../agent/protocol/id.ts';
import type { Db } from './database.ts';
import { has, type Page, type Paging, page, sought } from './page.ts';

/** A device group of one customer. */
export type Group = { id: string; customer: string; name: string };
export type Groups = ReturnType<typeof createGroups>;

export function createGroups(db: Db) {
  const insert = db.prepare<[string, string, string]>('INSERT INTO groups (id, customer, name) VALUES (?, ?, ?)');
  const byId = db.prepare<[string], Group>('SELECT * FROM groups WHERE id = ?');
  const byName = db.prepare<[string, string], Group>(
    'SELECT * FROM groups WHERE customer = ? AND name = ? COLLATE NOCASE',
  );
  const rename = db.prepare<[string, string]>('UPDATE groups SET name = ? WHERE id = ?');
  const remove = db.prepare<[string]>('DELETE FROM groups WHERE id = ?');
  const join = db.prepare<[string, string]>('INSERT OR IGNORE INTO group_boxes ("group", box) VALUES (?, ?)');
  const leave = db.prepare<[string, string]>('DELETE FROM group_boxes WHERE "group" = ? AND box = ?');
  const leaveAll = db.prepare<[string]>('DELETE FROM group_boxes WHERE box = ?');
  const ofBox = db.prepare<[string], { group: string }>('SELECT "group" FROM group_boxes WHERE box = ?');
  const isMember = db.prepare<[string, string], unknown>('SELECT 1 FROM group_boxes WHERE "group" = ? AND box = ?');

  const members = db.prepare<[string], { box: string }>('SELECT box FROM group_boxes WHERE "group" = ?');

  return {
    create(group: Omit<Group, 'id'>): Group {
      const id = newId();
      insert.run(id, group.customer, group.name);
      return { id, ...group };
    },
    get: (id: string): Group | undefined => byId.get(id),
    /** The group that a customer calls so, in capitals or not. */
    named: (customer: string, name: string): Group | undefined => byName.get(customer, name),
    rename: (id: string, name: string): void => void rename.run(name, id),
    remove: (id: string): void => void remove.run(id),
    add: (group: string, box: string): void => void join.run(group, box),
    leave: (group: string, box: string): void => void leave.run(group, box),
    has: (group: string, box: string): boolean => isMember.get(group, box) !== undefined,
    /** The ids of its devices, of every type. */
    members: (group: string): string[] => members.all(group).map((row) => row.box),
    ofBox: (box: string): string[] => ofBox.all(box).map((row) => row.group),
    /** Makes `groups` the groups of a box, instead of those it had. */
    replace(box: string, groups: readonly string[]): void {
      leaveAll.run(box);
      for (const group of groups) join.run(group, box);
    },
    /** The groups of the customers in `scope`, by name. */
    list(scope: readonly string[], filter: string, paging: Paging): Page<Group> {
      const search = sought(filter);
      return page<Group>(db, {
        from: 'groups',
        where: ['customer IN (SELECT value FROM json_each(@scope))', search && has('name')],
        order: 'name, id',
        bind: { scope: JSON.stringify(scope), ...search },
        paging,
      });
    },
  };
}
