import { onTestFinished } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { openTestHeadend } from './headend.ts';
import { type Fate, openFirmwareBox } from './rollout-boxes.ts';
import { openRolloutsApi, type RolloutAnswer } from './rollouts-api.ts';

export const images = {
  good: 'https://images.example/2.0.0.bundle',
  bad: 'https://images.example/6.6.6.bundle',
  old: 'https://images.example/1.0.0.bundle',
};

const fates: Record<string, Fate> = { [images.good]: 'healthy', [images.bad]: 'falls-back', [images.old]: 'healthy' };

/** A headend with four boxes, three of them the hotel's, for the length of a test; those that are opened are online. */
export async function openRolloutSite() {
  const head = await openTestHeadend({ demo_boxes: 4 });
  onTestFinished(() => head.close());
  const rollouts = openRolloutsApi(() => head.headend.url, head.demo.users.admin.token);
  const open = (box: DemoBox, fateOf = (url: string): Fate => fates[url] ?? 'healthy') =>
    openFirmwareBox(head, box, fateOf, onTestFinished);
  return {
    head,
    rollouts,
    /** A box that is online, and does what its images say unless `fateOf` says otherwise. */
    open,
    openAll: () => Promise.all(head.demo.boxes.map((box) => open(box))),
    /** Begins a rollout as the administrator, for all in one wave unless `body` says otherwise. */
    async begin(body: object = {}): Promise<RolloutAnswer> {
      const all = { all: true, firmware: images.good, waves: [100], gate: 100 };
      const { status, body: made } = await rollouts.begin({ ...all, ...body });
      if (status !== 200) throw new Error(`beginning a rollout: ${status} ${JSON.stringify(made)}`);
      return made;
    },
    box(index: number): DemoBox {
      const box = head.demo.boxes[index];
      if (box === undefined) throw new Error(`there are only ${head.demo.boxes.length} boxes`);
      return box;
    },
  };
}
