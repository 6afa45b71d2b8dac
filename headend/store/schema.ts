/**
 * The headend's tables. Ids are 24 hexadecimal characters, times are milliseconds since 1970, JSON columns hold
 * what the domain types in this folder say. `state` of an action is a state machine that only SQL moves (`actions.ts`).
 */
export const schemaVersion = 1;

export const schema = `
CREATE TABLE customers (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  features TEXT NOT NULL DEFAULT '[]',
  parent TEXT REFERENCES customers(id)
) STRICT;
CREATE INDEX customers_parent ON customers(parent);

CREATE TABLE users (
  id TEXT PRIMARY KEY,
  customer TEXT REFERENCES customers(id),
  name TEXT NOT NULL,
  role TEXT NOT NULL CHECK (role IN ('VIEWER', 'MANAGER', 'OWNER', 'RESELLER', 'ADMIN'))
) STRICT;

CREATE TABLE boxes (
  id TEXT PRIMARY KEY,
  customer TEXT NOT NULL REFERENCES customers(id),
  mac TEXT UNIQUE,
  type TEXT NOT NULL CHECK (type IN ('STB', 'IOS', 'ANDROID', 'WEB')),
  name TEXT NOT NULL,
  enabled INTEGER NOT NULL DEFAULT 1,
  stream_only INTEGER NOT NULL DEFAULT 0,
  notes TEXT NOT NULL DEFAULT '',
  custom_fields TEXT NOT NULL DEFAULT '{}',
  favorites TEXT NOT NULL DEFAULT '[]',
  list_mode TEXT NOT NULL DEFAULT 'NUMBER' CHECK (list_mode IN ('FAV', 'NUMBER', 'ALPHA')),
  created_at INTEGER NOT NULL,
  upstream TEXT,
  last_seen INTEGER,
  model TEXT,
  firmware TEXT,
  hello TEXT,
  telemetry TEXT
) STRICT;
CREATE INDEX boxes_customer ON boxes(customer, type);
CREATE INDEX boxes_model ON boxes(model);
CREATE INDEX boxes_firmware ON boxes(firmware);
CREATE INDEX boxes_upstream ON boxes(upstream);

CREATE TABLE tokens (
  hash BLOB PRIMARY KEY,
  user TEXT REFERENCES users(id) ON DELETE CASCADE,
  box TEXT REFERENCES boxes(id) ON DELETE CASCADE,
  created_at INTEGER NOT NULL,
  CHECK ((user IS NULL) <> (box IS NULL))
) STRICT;
CREATE INDEX tokens_user ON tokens(user) WHERE user IS NOT NULL;
CREATE INDEX tokens_box ON tokens(box) WHERE box IS NOT NULL;

CREATE TABLE groups (
  id TEXT PRIMARY KEY,
  customer TEXT NOT NULL REFERENCES customers(id),
  name TEXT NOT NULL
) STRICT;
CREATE INDEX groups_customer ON groups(customer);

CREATE TABLE group_boxes (
  "group" TEXT NOT NULL REFERENCES groups(id) ON DELETE CASCADE,
  box TEXT NOT NULL REFERENCES boxes(id) ON DELETE CASCADE,
  PRIMARY KEY ("group", box)
) STRICT, WITHOUT ROWID;
CREATE INDEX group_boxes_box ON group_boxes(box);

CREATE TABLE channels (
  id TEXT PRIMARY KEY,
  customer TEXT REFERENCES customers(id),
  number INTEGER NOT NULL,
  name TEXT NOT NULL,
  radio INTEGER NOT NULL DEFAULT 0,
  base_channel TEXT,
  locals TEXT NOT NULL DEFAULT '[]',
  dvb_only INTEGER NOT NULL DEFAULT 0,
  dvb TEXT
) STRICT;
CREATE INDEX channels_customer ON channels(customer, radio, number);

CREATE TABLE packages (
  id TEXT PRIMARY KEY,
  customer TEXT REFERENCES customers(id),
  name TEXT NOT NULL,
  main INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX packages_customer ON packages(customer);

CREATE TABLE package_channels (
  package TEXT NOT NULL REFERENCES packages(id) ON DELETE CASCADE,
  channel TEXT NOT NULL REFERENCES channels(id) ON DELETE CASCADE,
  reception TEXT NOT NULL CHECK (reception IN ('BASE', 'DVB', 'LOCAL')),
  PRIMARY KEY (package, channel)
) STRICT, WITHOUT ROWID;

CREATE TABLE box_packages (
  box TEXT NOT NULL REFERENCES boxes(id) ON DELETE CASCADE,
  package TEXT NOT NULL REFERENCES packages(id) ON DELETE CASCADE,
  PRIMARY KEY (box, package)
) STRICT, WITHOUT ROWID;

CREATE TABLE actions (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  box TEXT NOT NULL REFERENCES boxes(id) ON DELETE CASCADE,
  type TEXT NOT NULL,
  params TEXT NOT NULL,
  state TEXT NOT NULL DEFAULT 'queued' CHECK (state IN
    ('queued', 'delivered', 'accepted', 'started', 'done', 'failed', 'expired', 'cancelled', 'refused')),
  created_at INTEGER NOT NULL,
  created_by TEXT,
  when_at INTEGER,
  expires_at INTEGER,
  spread REAL,
  sent_at INTEGER,
  cancel_asked INTEGER NOT NULL DEFAULT 0,
  cancel_sent_at INTEGER,
  changed_at INTEGER NOT NULL,
  progress TEXT,
  result TEXT,
  error TEXT
) STRICT;
CREATE INDEX actions_box ON actions(box, seq);
CREATE INDEX actions_type ON actions(type, seq);
CREATE INDEX actions_state ON actions(state, seq);
CREATE INDEX actions_undelivered ON actions(box, seq) WHERE state IN ('queued', 'delivered');
CREATE INDEX actions_pending ON actions(box, type) WHERE state IN ('queued', 'delivered', 'accepted');
CREATE INDEX actions_cancelling ON actions(box) WHERE cancel_asked = 1;
CREATE INDEX actions_expiring ON actions(expires_at) WHERE state = 'queued' AND expires_at IS NOT NULL;

CREATE TABLE reports (
  seq INTEGER PRIMARY KEY,
  box TEXT NOT NULL REFERENCES boxes(id) ON DELETE CASCADE,
  report TEXT NOT NULL,
  action TEXT NOT NULL REFERENCES actions(id) ON DELETE CASCADE,
  state TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  body TEXT NOT NULL,
  UNIQUE (box, report)
) STRICT;
CREATE INDEX reports_action ON reports(action, seq);

CREATE TABLE telemetry (
  seq INTEGER PRIMARY KEY,
  box TEXT NOT NULL REFERENCES boxes(id) ON DELETE CASCADE,
  received_at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX telemetry_box ON telemetry(box, seq);
CREATE INDEX telemetry_age ON telemetry(received_at);

CREATE TABLE artifacts (
  action TEXT PRIMARY KEY REFERENCES actions(id) ON DELETE CASCADE,
  box TEXT NOT NULL REFERENCES boxes(id) ON DELETE CASCADE,
  content_type TEXT NOT NULL,
  bytes INTEGER NOT NULL,
  sha256 TEXT NOT NULL,
  stored_at INTEGER NOT NULL
) STRICT;
CREATE INDEX artifacts_box ON artifacts(box, stored_at);
`;
