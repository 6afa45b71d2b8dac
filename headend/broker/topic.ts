import { topics } from '../../agent/protocol/topics.ts';

/** What a box may publish, read from a topic; undefined for any other topic. */
export type BoxTopic =
  | { kind: 'reports' | 'presence'; box: string }
  | { kind: 'artifacts'; box: string; action: string };

const pattern = /^stb\/v1\/([^/]+)\/(reports|presence|artifacts)(?:\/([^/]+))?$/;

export function readBoxTopic(topic: string): BoxTopic | undefined {
  const [, box, kind, action] = pattern.exec(topic) ?? [];
  if (box === undefined || kind === undefined) return undefined;
  if (kind === 'artifacts') return action === undefined ? undefined : { kind, box, action };
  return action === undefined ? { kind: kind as 'reports' | 'presence', box } : undefined;
}

/** Whether a box may listen to a topic: its own actions, and those of its groups. No wildcards. */
export function maySubscribe(box: string, groups: readonly string[], topic: string): boolean {
  return topic === topics.actions(box) || groups.some((group) => topic === topics.groupActions(group));
}

/** Whether a box may publish on a topic: what is its own. */
export function mayPublish(box: string, topic: string): boolean {
  return readBoxTopic(topic)?.box === box;
}
