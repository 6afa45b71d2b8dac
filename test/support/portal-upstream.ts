import { newId } from '../../agent/protocol/id.ts';
import type { ActionMessage, Report } from '../../agent/protocol/messages.ts';
import { createMinistraUpstream } from '../../agent/upstreams/ministra.ts';
import type { MinistraOptions } from '../../agent/upstreams/options.ts';
import { type Portal, startPortal } from './portal.ts';
import type { After } from './undo.ts';
import { until } from './until.ts';
import { createUpstreamBox, type UpstreamBox } from './upstream-box.ts';

const identity = { id: 'b0c5', mac: '00:1A:79:00:B0:C5', groups: [] };

/** A portal that knows the box of `startBox`. */
export const openPortal = (after: After): Promise<Portal> => startPortal(identity.mac, after);

/** The upstream to a portal, with short times, and the rest of an agent as it sees it. */
export function startBox(after: After, portal: Portal, options: Partial<MinistraOptions> = {}): UpstreamBox {
  const times = { pollFactor: 0.1, timeoutSeconds: 1 };
  const box = createUpstreamBox(
    (deps) => createMinistraUpstream({ url: portal.url, ...times, ...options }, deps),
    identity,
  );
  after(box.upstream.stop);
  return box;
}

export async function startConnected(
  after: After,
  options: Partial<MinistraOptions> = {},
): Promise<{ portal: Portal; box: UpstreamBox }> {
  const portal = await openPortal(after);
  const box = startBox(after, portal, options);
  await until(() => box.connects === 1, 'the first connection');
  return { portal, box };
}

/** The actions that it was handed, repeated ones too. */
export function actionsOf(box: UpstreamBox): ActionMessage[] {
  return box.received.map((text) => JSON.parse(text) as ActionMessage).filter(({ kind }) => kind === 'action');
}

/** A report of an action, by default that it is done. */
export function reportOf(id: string, parts: Partial<Report>): Report {
  return { v: 1, kind: 'report', report: newId(), id, state: 'done', at: new Date().toISOString(), ...parts };
}

/** What a MESSAGE that the viewer closed reports. */
export const dismissed = { type: 'MESSAGE', result: { ended: 'dismissed', shownSeconds: 2, notified: 0 } };
