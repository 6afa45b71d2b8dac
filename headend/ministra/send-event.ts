import type { Ministra } from './ministra.ts';
import type { RequestedEvent } from './requested-event.ts';

/**
 * Queues an event for boxes, each time anew, and resolves when it is on disk. `lifetimeSeconds` is Ministra's `ttl`, 0 for the default. What stands for
 * the box in a message, `%mac%` and `%sn%`, is filled in here where it is known, the first of each as a portal's page does it.
 */
export async function sendEvent(
  { fleet, settings }: Ministra,
  boxes: readonly string[],
  { type, params, followUp, isMessage }: RequestedEvent,
  lifetimeSeconds: number,
): Promise<void> {
  const seconds = lifetimeSeconds || (isMessage ? settings.message_seconds : settings.command_seconds);
  const expires = Date.now() + seconds * 1000;
  const request = { type, expires, createdBy: null, always: true, ...(followUp === undefined ? {} : { followUp }) };
  const text = params.message;
  if (typeof text !== 'string' || !/%(mac|sn)%/.test(text)) {
    await fleet.schedule({ ...request, boxes, params });
    return;
  }
  const personal = (box: string) => {
    const mac = fleet.store.boxes.get(box)?.mac ?? '';
    const serial = fleet.store.portalBoxes.get(box)?.serial ?? '';
    const filled = mac === '' ? text : text.replace('%mac%', () => mac);
    return serial === '' ? filled : filled.replace('%sn%', () => serial);
  };
  await Promise.all(
    boxes.map((box) => fleet.schedule({ ...request, boxes: [box], params: { ...params, message: personal(box) } })),
  );
}
