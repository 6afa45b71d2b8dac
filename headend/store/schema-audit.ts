/**
 * The audit: what was asked for, and how it ended. No row is ever changed or taken out, which the database itself sees to; a REPLACE would
 * get past the triggers of UPDATE and DELETE, so INSERT has one as well. Names are copied, because whom they belong to may be deleted.
 */
export const auditSchema = tables(['user', 'box', 'billing']);

/** The same with the headend among those who act. A table's checks cannot be changed, so its rows move; nobody refers to them but each other. */
export const auditOfHeadendSchema = `
CREATE TABLE audit_before AS SELECT * FROM audit;
CREATE TABLE audit_outcomes_before AS SELECT * FROM audit_outcomes;
DROP TABLE audit_outcomes;
DROP TABLE audit;
${tables(['user', 'box', 'billing', 'headend'])}
INSERT INTO audit SELECT * FROM audit_before;
INSERT INTO audit_outcomes SELECT * FROM audit_outcomes_before;
DROP TABLE audit_before;
DROP TABLE audit_outcomes_before;
`;

function tables(kinds: readonly string[]): string {
  return `
CREATE TABLE audit (
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('${kinds.join("', '")}')),
  actor TEXT,
  name TEXT NOT NULL,
  role TEXT,
  customer TEXT,
  token TEXT,
  address TEXT NOT NULL,
  call TEXT NOT NULL,
  type TEXT,
  target TEXT NOT NULL,
  given TEXT NOT NULL
) STRICT;
CREATE INDEX audit_customer ON audit(customer, seq);
CREATE INDEX audit_actor ON audit(actor, seq);
CREATE INDEX audit_at ON audit(at);

CREATE TABLE audit_outcomes (
  entry INTEGER PRIMARY KEY REFERENCES audit(seq),
  ended_at INTEGER NOT NULL,
  status INTEGER NOT NULL,
  outcome TEXT NOT NULL
) STRICT;

${['audit', 'audit_outcomes'].map(appendOnly).join('\n')}
`;
}

function appendOnly(table: string): string {
  const key = table === 'audit' ? 'seq' : 'entry';
  const refuse = `BEGIN SELECT RAISE(ABORT, 'the audit is only ever added to'); END;`;
  return `CREATE TRIGGER ${table}_update BEFORE UPDATE ON ${table} ${refuse}
CREATE TRIGGER ${table}_delete BEFORE DELETE ON ${table} ${refuse}
CREATE TRIGGER ${table}_replace BEFORE INSERT ON ${table} WHEN EXISTS (SELECT 1 FROM ${table} WHERE ${key} = NEW.${key}) ${refuse}`;
}
