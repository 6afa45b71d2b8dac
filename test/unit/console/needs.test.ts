import { expect, test } from 'vitest';
import { actions } from '../../../agent/actions/index.ts';
import { actionTypes } from '../../../agent/protocol/params.ts';
import { needs } from '../../../headend/console/src/box/needs.ts';

test('the console says of each type that it needs what the agent asks of the box', () => {
  const asked = Object.fromEntries(actionTypes.map((type) => [type, actions[type].capabilities]));
  expect(needs).toEqual(asked);
});
