/**
 * Firmware rollouts. A rollout's boxes are resolved once, when it is made: `position` is the order, `wave` the wave that a box is in.
 * `state` of a box: `waiting` (not asked yet), `asked` (its action is queued), `taken` (it has the action), `proving` (done, but not seen
 * online since), `healthy`, `failed`, `lost` (took it and never came back, or was healthy and went off; coming back still corrects that),
 * `cancelled`.
 * Actions are named without a reference: they are deleted long before anybody stops asking how a rollout went.
 */
export const rolloutTables = `
CREATE TABLE rollouts (
  seq INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  firmware TEXT NOT NULL,
  gate REAL NOT NULL,
  patience_ms INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'paused', 'stopped', 'done', 'rolling-back', 'rolled-back')),
  wave INTEGER NOT NULL DEFAULT 0,
  reason TEXT,
  created_at INTEGER NOT NULL,
  created_by TEXT,
  customers TEXT NOT NULL,
  left_out INTEGER NOT NULL DEFAULT 0,
  back_firmware TEXT,
  back_by TEXT,
  back_at INTEGER
) STRICT;
CREATE INDEX rollouts_unfinished ON rollouts(seq) WHERE state <> 'done';

CREATE TABLE rollout_waves (
  rollout TEXT NOT NULL REFERENCES rollouts(id) ON DELETE CASCADE,
  wave INTEGER NOT NULL,
  percent REAL NOT NULL,
  begun_at INTEGER,
  PRIMARY KEY (rollout, wave)
) STRICT, WITHOUT ROWID;

CREATE TABLE rollout_boxes (
  rollout TEXT NOT NULL REFERENCES rollouts(id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  box TEXT NOT NULL REFERENCES boxes(id) ON DELETE CASCADE,
  wave INTEGER NOT NULL,
  state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN
    ('waiting', 'asked', 'taken', 'proving', 'healthy', 'failed', 'lost', 'cancelled')),
  action TEXT,
  own INTEGER NOT NULL DEFAULT 0,
  excused INTEGER NOT NULL DEFAULT 0,
  code TEXT,
  message TEXT,
  back_state TEXT CHECK (back_state IN ('asked', 'done', 'failed', 'cancelled')),
  back_action TEXT,
  PRIMARY KEY (rollout, position)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX rollout_boxes_box ON rollout_boxes(box, rollout);
CREATE INDEX rollout_boxes_counts ON rollout_boxes(rollout, state, wave, excused);
CREATE INDEX rollout_boxes_action ON rollout_boxes(action) WHERE state IN ('asked', 'taken', 'lost');
CREATE INDEX rollout_boxes_proving ON rollout_boxes(box) WHERE state = 'proving';
CREATE INDEX rollout_boxes_upgraded ON rollout_boxes(rollout, position) WHERE back_state IS NULL AND state IN ('proving', 'healthy');
CREATE INDEX rollout_boxes_back ON rollout_boxes(back_action) WHERE back_state = 'asked';
CREATE INDEX rollout_boxes_back_counts ON rollout_boxes(rollout, back_state) WHERE back_state IS NOT NULL;
`;

/** How long a wave has to stay healthy before the next, and since when the gate of a wave is met. */
export const rolloutSoakSchema = `
ALTER TABLE rollouts ADD COLUMN soak_ms INTEGER NOT NULL DEFAULT 0;
ALTER TABLE rollout_waves ADD COLUMN met_at INTEGER;
`;
