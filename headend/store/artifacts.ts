import type { Db } from './database.ts';

/** Bytes that belong to an action's result; they lie in a file named by the action. */
export type Artifact = {
  action: string;
  box: string;
  contentType: string;
  bytes: number;
  sha256: string;
  storedAt: number;
};

export type Artifacts = ReturnType<typeof createArtifacts>;

const columns = 'action, box, content_type AS contentType, bytes, sha256, stored_at AS storedAt';

/** What is known about the whole artifacts; their bytes are `fleet/uploads.ts`'s. */
export function createArtifacts(db: Db) {
  const put = db.prepare<[Artifact]>(
    `INSERT OR REPLACE INTO artifacts (action, box, content_type, bytes, sha256, stored_at)
     VALUES (@action, @box, @contentType, @bytes, @sha256, @storedAt)`,
  );
  const byAction = db.prepare<[string], Artifact>(`SELECT ${columns} FROM artifacts WHERE action = ?`);
  const newest = db.prepare<[string, string, string], Artifact>(
    `SELECT ${columns} FROM artifacts WHERE box = ? AND content_type = ?
       AND action IN (SELECT id FROM actions WHERE type = ?) ORDER BY stored_at DESC LIMIT 1`,
  );

  const ofBox = db.prepare<[string], { action: string }>('SELECT action FROM artifacts WHERE box = ?');

  return {
    put: (artifact: Artifact): void => void put.run(artifact),
    get: (action: string): Artifact | undefined => byAction.get(action),
    /** The actions of a box that have one. */
    ofBox: (box: string): string[] => ofBox.all(box).map((row) => row.action),
    /** The newest screenshot of a box. */
    newestScreenshot: (box: string): Artifact | undefined => newest.get(box, 'image/png', 'SCREENSHOT'),
  };
}
