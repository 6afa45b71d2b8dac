/**
 * Which actions one request asked for: `request` is the `seq` of the first of them. Of those made before it was noted, the ones that share
 * the millisecond, who asked, and what was asked.
 */
export const requestsSchema = `
ALTER TABLE actions ADD COLUMN request INTEGER;
UPDATE actions SET request = first FROM
  (SELECT seq AS member, min(seq) OVER (PARTITION BY created_at, type, params, when_at, created_by) AS first FROM actions)
WHERE seq = member;
CREATE INDEX actions_request ON actions(request);
CREATE INDEX actions_type_request ON actions(type, request);
`;
