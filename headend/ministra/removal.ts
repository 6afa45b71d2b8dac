import type { Ministra } from './ministra.ts';

/** Deletes boxes with their accounts, actions and artifacts, and ends their connections. */
export async function removeBoxes({ fleet }: Ministra, boxes: readonly string[]): Promise<void> {
  const { store } = fleet;
  const artifacts = boxes.flatMap((box) => store.artifacts.ofBox(box));
  for (const box of boxes) fleet.rollouts.leave(box);
  store.transaction(() => boxes.forEach(store.boxes.remove));
  for (const box of boxes) fleet.presence.disconnect(box, 'the box has been deleted');
  await fleet.uploads.clean(artifacts);
}
