import { type Asked, portalTypes, toPortalEvent } from '../../ministra/portal-event.ts';
import type { Box } from '../../store/boxes.ts';
import type { Store } from '../../store/store.ts';

/** What a box can be asked for: as it has said; of one that comes over Ministra's protocol only, what has an event there. None while nothing is known. */
export function typesOf({ hello, upstream }: Box): readonly string[] {
  return hello?.types ?? (upstream === 'ministra' ? portalTypes : []);
}

/** Whether it would come to the box, as far as is known: what a box was never heard to lack it may have. */
export function isTaken(store: Store, { hello, upstream }: Box, asked: Asked): boolean {
  if (hello !== null) return hello.types.includes(asked.type);
  return upstream !== 'ministra' || toPortalEvent(store, asked) !== undefined;
}
