/** What is left of telemetry that was deleted for want of room: its figures, hour by hour. `figures` is what `telemetry-figures.ts` says. */
export const telemetryHoursSchema = `
CREATE TABLE telemetry_hours (
  box TEXT NOT NULL REFERENCES boxes(id) ON DELETE CASCADE,
  hour INTEGER NOT NULL,
  reports INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  figures TEXT NOT NULL,
  PRIMARY KEY (box, hour)
) STRICT, WITHOUT ROWID;
CREATE INDEX telemetry_hours_age ON telemetry_hours(hour);
`;
