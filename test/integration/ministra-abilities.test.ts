/** What a box that is known over Ministra's protocol only can be asked for: its page, the preview of an action and a rollout say the same. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DemoBox } from '../../headend/demo/demo.ts';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';
import { openStalkerClient } from '../support/stalker-client.ts';

let head: TestHeadend;
let box: DemoBox;
beforeAll(async () => {
  head = await openTestHeadend({ demo_boxes: 3 });
  box = head.demo.boxes[0] as DemoBox;
  await openStalkerClient(head, box.mac).start();
});
afterAll(() => head.close());

const call = (path: string, body?: unknown) =>
  head.call(head.demo.users.admin.token, path, body === undefined ? {} : { method: 'POST', body });
const unsupported = async (type: string, params: object) =>
  (await call('/stb/v1/actions/preview', { boxes: [box.id], type, params })).body.unsupported;

it('a box known over Ministra only has the types that its protocol has an event for', async () => {
  const { body } = await call(`/stb/v1/boxes/${box.id}`);
  expect(body.types).toEqual(expect.arrayContaining(['MESSAGE', 'REBOOT', 'UI', 'PLAYCHANNEL']));
  expect(body.types).not.toContain('VOLUME');
});

it('the preview of an action counts it where there is no such event', async () => {
  expect(await unsupported('REBOOT', {})).toBe(0);
  expect(await unsupported('VOLUME', { volume: 5 })).toBe(1);
  expect(await unsupported('FIRMWARE', {})).toBe(0);
  expect(await unsupported('FIRMWARE', { firmware: 'https://images.example/2.bundle' })).toBe(1);
});

it('a rollout leaves it out, for an event cannot carry the image', async () => {
  const boxes = head.demo.boxes.slice(0, 2).map(({ id }) => id);
  const made = await call('/stb/v1/rollouts', {
    boxes,
    firmware: 'https://images.example/2.bundle',
    waves: [100],
    gate: 95,
  });
  expect(made.body).toMatchObject({ boxes: 1, leftOut: 1 });
});

it('of a box that was never heard nothing is known', async () => {
  const other = head.demo.boxes[1] as DemoBox;
  expect((await call(`/stb/v1/boxes/${other.id}`)).body.types).toEqual([]);
});
