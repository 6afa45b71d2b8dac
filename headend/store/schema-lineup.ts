/**
 * What the line-up, the DRM accounts and the devices' own API added to the tables: subscriptions with a beginning and an end, what each
 * box was last told of its line-up, accounts, programmes, pictures and the documents of a customer.
 */
export const lineupTables = `
ALTER TABLE channels ADD COLUMN epg_id TEXT;
ALTER TABLE channels ADD COLUMN catch_up TEXT;
ALTER TABLE packages ADD COLUMN deleted_at INTEGER;
ALTER TABLE package_channels ADD COLUMN position INTEGER NOT NULL DEFAULT 0;
ALTER TABLE box_packages ADD COLUMN starts_at INTEGER;
ALTER TABLE box_packages ADD COLUMN ends_at INTEGER;
CREATE INDEX box_packages_package ON box_packages(package);
CREATE INDEX box_packages_starts ON box_packages(starts_at) WHERE starts_at IS NOT NULL;
CREATE INDEX box_packages_ends ON box_packages(ends_at) WHERE ends_at IS NOT NULL;
CREATE INDEX package_channels_channel ON package_channels(channel);

CREATE TABLE lineup_told (
  box TEXT PRIMARY KEY REFERENCES boxes(id) ON DELETE CASCADE,
  lineup TEXT NOT NULL,
  services TEXT NOT NULL,
  channels_due INTEGER NOT NULL DEFAULT 0,
  dvb_due INTEGER NOT NULL DEFAULT 0,
  checked_at INTEGER NOT NULL
) STRICT;
CREATE INDEX lineup_told_due ON lineup_told(box) WHERE channels_due = 1 OR dvb_due = 1;

CREATE TABLE customer_documents (
  customer TEXT NOT NULL REFERENCES customers(id) ON DELETE CASCADE,
  kind TEXT NOT NULL,
  body TEXT NOT NULL,
  PRIMARY KEY (customer, kind)
) STRICT, WITHOUT ROWID;

CREATE TABLE pictures (
  owner TEXT PRIMARY KEY,
  content_type TEXT NOT NULL,
  bytes BLOB NOT NULL
) STRICT;

CREATE TABLE drm_accounts (
  username TEXT PRIMARY KEY,
  customer TEXT NOT NULL REFERENCES customers(id),
  password BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX drm_accounts_customer ON drm_accounts(customer);

CREATE TABLE app_devices (
  box TEXT PRIMARY KEY REFERENCES boxes(id) ON DELETE CASCADE,
  device_id TEXT UNIQUE,
  serial TEXT UNIQUE,
  app_type TEXT,
  model TEXT,
  version TEXT,
  account TEXT REFERENCES drm_accounts(username) ON DELETE SET NULL ON UPDATE CASCADE,
  account_since INTEGER,
  logged_in_at INTEGER,
  facts TEXT NOT NULL DEFAULT '{}'
) STRICT;
CREATE INDEX app_devices_account ON app_devices(account) WHERE account IS NOT NULL;

CREATE TABLE playback (
  box TEXT NOT NULL REFERENCES boxes(id) ON DELETE CASCADE,
  program TEXT NOT NULL,
  position REAL NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (box, program)
) STRICT, WITHOUT ROWID;

CREATE TABLE app_events (
  seq INTEGER PRIMARY KEY,
  box TEXT NOT NULL REFERENCES boxes(id) ON DELETE CASCADE,
  at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX app_events_box ON app_events(box, seq);

CREATE TABLE programmes (
  id TEXT PRIMARY KEY,
  epg_id TEXT NOT NULL,
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  body TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX programmes_channel ON programmes(epg_id, starts_at);
CREATE INDEX programmes_end ON programmes(ends_at);
`;
