import { expect, test } from 'vitest';
import type { Report } from '../../agent/protocol/messages.ts';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { hello, openSocketBox, report } from '../support/headend.ts';
import { startHeadendProcess } from '../support/headend-process.ts';
import { openRolloutsApi } from '../support/rollouts-api.ts';
import { createRandom, testSeed } from '../support/seed.ts';
import { until } from '../support/until.ts';

const boxCount = 12;
const kills = process.env.STB_TEST_FULL === '1' ? 25 : 3;

/** A box that installs each action once and repeats its report until it is acknowledged, over as many links as it takes. */
function createBox(box: DemoBox) {
  const installed = new Set<string>();
  const unacknowledged = new Map<string, Report>();
  return {
    installed,
    /** Opens a link; resolves when everything that was not acknowledged has been said on it. `heard` is told of each action. */
    async connect(headend: { url: string }, heard: () => void): Promise<void> {
      const link = await openSocketBox(headend, box);
      const say = (message: object) => link.say(message).catch(() => undefined);
      const take = () => {
        for (const message of link.heard.splice(0)) {
          if (message.kind === 'ack') unacknowledged.delete(message.report);
          if (message.kind !== 'action' || installed.has(message.id)) continue;
          installed.add(message.id);
          const done = report(message.id, 'done');
          unacknowledged.set(done.report, done);
          heard();
          void say(report(message.id, 'accepted')).then(() => say(done));
        }
      };
      link.socket.on('message', take);
      link.socket.on('error', () => undefined);
      await say(hello(box, { types: ['FIRMWARE'] }));
      take();
      for (const message of unacknowledged.values()) await say(message);
    },
  };
}

test(`the headend killed ${kills} times between any two reports: every box of a rollout is upgraded exactly once`, async ({
  onTestFinished,
}) => {
  const seed = testSeed();
  const random = createRandom(seed);
  const headend = await startHeadendProcess({ boxes: boxCount, after: onTestFinished });
  const rollouts = openRolloutsApi(() => headend.url, headend.demo.users.admin.token);
  const boxes = headend.demo.boxes.map(createBox);
  let taken = 0;
  const connectAll = () => Promise.all(boxes.map((box) => box.connect(headend, () => void taken++)));
  const waves = [10, 25, 40, 60, 80, 100];
  const { body } = await rollouts.begin({ all: true, firmware: 'http://127.0.0.1:1/2.bundle', waves, gate: 100 });

  for (let kill = 0; kill < kills; kill++) {
    // With all boxes upgraded there is only the end of it left to be killed in.
    const target = Math.min(boxCount, taken + random(3));
    await connectAll();
    await until(() => taken >= target, `${target} boxes to have been asked, seed ${seed}`);
    await headend.kill();
    await headend.start();
  }
  await connectAll();
  const done = await rollouts.until(body.id, `the rollout to be done, seed ${seed}`, ({ state }) => state === 'done');
  expect(boxes.map(({ installed }) => installed.size)).toEqual(boxes.map(() => 1));
  const asked = done.members.items.map(({ action }) => action ?? '');
  expect(asked.sort()).toEqual(boxes.flatMap(({ installed }) => [...installed]).sort());
  const { items } = (await (await headend.api.get('/stb/v1/audit?q=rollout&limit=500')).json()) as {
    items: { who: { kind: string }; call: string; given: { wave?: number } }[];
  };
  const own = items.reverse().filter(({ who }) => who.kind === 'headend');
  const steps = own.map(({ call, given }) => `${call} ${given.wave ?? ''}`.trim());
  expect(steps).toEqual([...waves.slice(1).map((_, index) => `rollout wave ${index + 2}`), 'rollout done']);
});
