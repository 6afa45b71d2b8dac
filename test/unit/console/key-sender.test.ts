import { expect, test } from 'vitest';
import type { Api } from '../../../headend/console/src/api.ts';
import { createKeySender } from '../../../headend/console/src/box/key-sender.ts';
import type { Live } from '../../../headend/console/src/live.ts';
import type { Action } from '../../../headend/console/src/types.ts';
import { until } from '../../support/until.ts';

/** A sender whose headend makes an action of every post, and what it told. */
function open() {
  const posted: string[][] = [];
  const told: string[] = [];
  let hear = (_: Action): void => undefined;
  const action = (id: number, state: string) => ({ id: String(id), state }) as Action;
  const api = {
    post: async (_: string, { params }: { params: { keys: string[] } }) => {
      posted.push(params.keys);
      return { actions: [action(posted.length, 'queued')] };
    },
  } as unknown as Api;
  const live = {
    on: (_: string, listener: typeof hear) => {
      hear = listener;
      return () => undefined;
    },
  } as unknown as Live;
  const sender = createKeySender({
    ...{ api, live, box: 'box', failed: () => undefined },
    told: ({ id, state }) => told.push(`${id} ${state}`),
  });
  return { sender, posted, told, hear: (id: number, state: string) => hear(action(id, state)) };
}

test('keys pressed quickly go out together, and the next when the box has begun with them', async () => {
  const { sender, posted, hear } = open();
  sender.press('UP');
  sender.press('OK');
  await until(() => posted.length === 1);
  sender.press('BACK');
  hear(1, 'started');
  await until(() => posted.length === 2);
  expect(posted).toEqual([['UP', 'OK'], ['BACK']]);
  sender.stop();
});

test('what becomes of the last keys is told until they have ended', async () => {
  const { sender, posted, told, hear } = open();
  sender.press('UP');
  await until(() => posted.length === 1 && told.length === 1);
  hear(1, 'started');
  hear(2, 'done');
  hear(1, 'done');
  expect(told).toEqual(['1 queued', '1 started', '1 done']);
  sender.stop();
});
