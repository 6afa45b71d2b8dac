/**
 * The tables of the Ministra faces: what its operators call accounts, services packages, tariff plans and resellers, and what is known of boxes
 * that come by the portal's protocol. Customers, boxes, channels and packages are the headend's own.
 *
 * - `portal_numbers`: Ministra's clients know everything by a whole number. A number is given once, by trigger, and never again.
 * - `actions.portal_event`: the number under which an action was handed out by `load.php`; from then on no other upstream gets it.
 * - `actions.follow_up`: the type of an action that is made when this one is done.
 */
export const ministraSchema = `
ALTER TABLE actions ADD COLUMN portal_event INTEGER;
ALTER TABLE actions ADD COLUMN follow_up TEXT;
CREATE UNIQUE INDEX actions_portal_event ON actions(portal_event) WHERE portal_event IS NOT NULL;
CREATE INDEX actions_portal_read ON actions(box, sent_at) WHERE portal_event IS NOT NULL AND state = 'delivered';
CREATE INDEX actions_cut ON actions(box, seq) WHERE type IN ('CUT_OFF', 'CUT_ON');

CREATE TABLE portal_numbers (
  kind TEXT NOT NULL CHECK (kind IN ('box', 'channel')),
  number INTEGER NOT NULL,
  id TEXT NOT NULL UNIQUE,
  PRIMARY KEY (kind, number)
) STRICT, WITHOUT ROWID;
INSERT INTO portal_numbers (kind, number, id) SELECT 'box', row_number() OVER (ORDER BY rowid), id FROM boxes;
INSERT INTO portal_numbers (kind, number, id) SELECT 'channel', row_number() OVER (ORDER BY rowid), id FROM channels;
CREATE TRIGGER boxes_number AFTER INSERT ON boxes BEGIN
  INSERT INTO portal_numbers (kind, number, id)
    SELECT 'box', coalesce(max(number), 0) + 1, NEW.id FROM portal_numbers WHERE kind = 'box';
END;
CREATE TRIGGER channels_number AFTER INSERT ON channels BEGIN
  INSERT INTO portal_numbers (kind, number, id)
    SELECT 'channel', coalesce(max(number), 0) + 1, NEW.id FROM portal_numbers WHERE kind = 'channel';
END;

CREATE TABLE accounts (
  box TEXT PRIMARY KEY REFERENCES boxes(id) ON DELETE CASCADE,
  login TEXT UNIQUE,
  password TEXT,
  account_number TEXT,
  full_name TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '',
  comment TEXT NOT NULL DEFAULT '',
  balance TEXT NOT NULL DEFAULT '',
  end_date TEXT NOT NULL DEFAULT '',
  tariff TEXT,
  tariff_expires TEXT NOT NULL DEFAULT '',
  tariff_instead TEXT NOT NULL DEFAULT '',
  additional_services INTEGER NOT NULL DEFAULT 1,
  cut_off INTEGER NOT NULL DEFAULT 0,
  disabled_modules TEXT NOT NULL DEFAULT '[]',
  restricted_modules TEXT NOT NULL DEFAULT '[]',
  channels TEXT
) STRICT;
CREATE INDEX accounts_number ON accounts(account_number) WHERE account_number IS NOT NULL;

CREATE TABLE portal_boxes (
  box TEXT PRIMARY KEY REFERENCES boxes(id) ON DELETE CASCADE,
  self_registered INTEGER NOT NULL DEFAULT 0,
  token BLOB,
  serial TEXT NOT NULL DEFAULT '',
  device_id TEXT NOT NULL DEFAULT '',
  device_id2 TEXT NOT NULL DEFAULT '',
  version TEXT NOT NULL DEFAULT '',
  ip TEXT NOT NULL DEFAULT '',
  last_active INTEGER
) STRICT;
CREATE INDEX portal_boxes_device ON portal_boxes(device_id2) WHERE device_id2 <> '';

CREATE TABLE services (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  package TEXT UNIQUE REFERENCES packages(id) ON DELETE CASCADE,
  external_id TEXT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL CHECK (type IN ('tv', 'video', 'radio', 'module', 'option')),
  description TEXT NOT NULL DEFAULT '',
  all_services INTEGER NOT NULL DEFAULT 0,
  service_type TEXT NOT NULL DEFAULT 'periodic' CHECK (service_type IN ('periodic', 'single')),
  rent_duration INTEGER NOT NULL DEFAULT 0,
  price TEXT NOT NULL DEFAULT '0',
  services TEXT NOT NULL DEFAULT '[]'
) STRICT;
CREATE UNIQUE INDEX services_external ON services(external_id) WHERE external_id <> '';
INSERT INTO services (package, external_id, name, type) SELECT id, '', name, 'tv' FROM packages ORDER BY rowid;
UPDATE services SET external_id = 'tv_' || number;
CREATE TRIGGER packages_service AFTER INSERT ON packages BEGIN
  INSERT INTO services (package, external_id, name, type) VALUES (NEW.id, '', NEW.name, 'tv');
  UPDATE services SET external_id = 'tv_' || number WHERE package = NEW.id
    AND NOT EXISTS (SELECT 1 FROM services other WHERE other.external_id = 'tv_' || services.number);
END;
CREATE TRIGGER packages_service_name AFTER UPDATE OF name ON packages BEGIN
  UPDATE services SET name = NEW.name WHERE package = NEW.id;
END;

CREATE TABLE account_services (
  box TEXT NOT NULL REFERENCES boxes(id) ON DELETE CASCADE,
  service INTEGER NOT NULL REFERENCES services(number) ON DELETE CASCADE,
  PRIMARY KEY (box, service)
) STRICT, WITHOUT ROWID;

CREATE TABLE tariffs (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  external_id TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL,
  user_default INTEGER NOT NULL DEFAULT 0,
  days_to_expires INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE UNIQUE INDEX tariffs_external ON tariffs(external_id) WHERE external_id <> '';

CREATE TABLE tariff_services (
  tariff INTEGER NOT NULL REFERENCES tariffs(number) ON DELETE CASCADE,
  service INTEGER NOT NULL REFERENCES services(number) ON DELETE CASCADE,
  optional INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (tariff, service)
) STRICT, WITHOUT ROWID;

CREATE TABLE resellers (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  customer TEXT NOT NULL UNIQUE REFERENCES customers(id) ON DELETE CASCADE,
  max_users INTEGER NOT NULL DEFAULT 0,
  use_ip_ranges INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  modified_at INTEGER NOT NULL
) STRICT;
`;
