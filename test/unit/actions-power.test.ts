import { expect, test } from 'vitest';
import type { ActionDefinition, Json } from '../../agent/action.ts';
import { reboot } from '../../agent/actions/reboot.ts';
import { switchOff } from '../../agent/actions/switch-off.ts';
import { limits } from '../../agent/protocol/limits.ts';
import type { Power } from '../../platform/contract.ts';
import { type ContextParts, createContext, openTestBox, platformWith } from '../support/action-context.ts';
import { temporaryDirectory } from '../support/temporary.ts';

type Parts = Omit<ContextParts, 'platform'>;

/** Runs it as the dispatcher does, up to the moment the box goes down; resolves with the intent that was committed. */
async function runUntilDown(definition: ActionDefinition, directory: string, parts: Parts = {}): Promise<Json> {
  const down = new Error('the box is down');
  const context = createContext({
    platform: await openTestBox(directory),
    sleep: () => Promise.reject(down),
    ...parts,
  });
  const intent = await definition.prepare?.({} as never, context);
  await expect(definition.run({} as never, context)).rejects.toBe(down);
  await context.platform.close();
  return intent ?? {};
}

async function settle(definition: ActionDefinition, directory: string, intent: Json, parts: Parts = {}): Promise<Json> {
  const context = createContext({ platform: await openTestBox(directory), ...parts });
  return (await definition.settle?.({} as never, context, intent)) ?? {};
}

test('REBOOT is done when the boot id changed, and says both', async () => {
  const directory = temporaryDirectory();
  const intent = await runUntilDown(reboot as ActionDefinition, directory);
  const result = await settle(reboot as ActionDefinition, directory, intent);
  expect(result).toEqual({ bootIdBefore: intent.bootId, bootIdAfter: expect.any(String) });
  expect(result.bootIdAfter).not.toBe(result.bootIdBefore);
});

test('REBOOT whose agent restarted without the box is INTERRUPTED', async () => {
  const directory = temporaryDirectory();
  const context = createContext({ platform: await openTestBox(directory) });
  const intent = (await reboot.prepare?.({}, context)) ?? {};
  await context.platform.close();
  await expect(settle(reboot as ActionDefinition, directory, intent)).rejects.toMatchObject({ code: 'INTERRUPTED' });
});

test('a box that took the reboot and stays up is REBOOT_FAILED, before the deadline', async () => {
  let asked = 0;
  const power: Partial<Power> = {
    async reboot() {
      asked += 1;
    },
  };
  const context = createContext({ platform: platformWith({ power: power as Power }) });
  await expect(reboot.run({}, context)).rejects.toMatchObject({ code: 'REBOOT_FAILED' });
  expect(asked).toBe(1);
  expect(context.slept).toEqual([limits.goingDownMs]);
  expect(reboot.deadlineMs({}, context.settings)).toBeGreaterThan(limits.goingDownMs);
  expect(context.said).toEqual([{ phase: 'rebooting' }]);
});

test('SWITCH_OFF into standby is done when the box says so, also when it was so already', async () => {
  const box = await openTestBox(temporaryDirectory());
  const context = createContext({ platform: box });
  expect(await switchOff.run({}, context)).toEqual({ mode: 'standby', state: 'standby' });
  expect(await box.power?.state()).toBe('standby');
  expect(await switchOff.run({}, context)).toEqual({ mode: 'standby', state: 'standby' });
});

test('SWITCH_OFF that was interrupted is done when the box is in standby, else INTERRUPTED', async () => {
  const box = await openTestBox(temporaryDirectory());
  const context = createContext({ platform: box });
  const intent = (await switchOff.prepare?.({}, context)) ?? {};
  await expect(switchOff.settle?.({}, context, intent)).rejects.toMatchObject({
    code: 'INTERRUPTED',
    result: { state: 'on' },
  });
  await box.power?.standby();
  expect(await switchOff.settle?.({}, context, intent)).toEqual({ mode: 'standby', state: 'standby' });
});

test('a box that took standby and is still on is DEVICE_FAILED', async () => {
  const power: Partial<Power> = { standby: async () => {}, state: async () => 'on' };
  const context = createContext({ platform: platformWith({ power: power as Power }) });
  await expect(switchOff.run({}, context)).rejects.toMatchObject({ code: 'DEVICE_FAILED', result: { state: 'on' } });
});

test('SWITCH_OFF that cuts the power is proven by the boot id when the box is back', async () => {
  const directory = temporaryDirectory();
  const parts = { settings: { switchOff: 'poweroff' as const } };
  const intent = await runUntilDown(switchOff as ActionDefinition, directory, parts);
  expect(intent).toMatchObject({ mode: 'poweroff' });
  expect(
    await settle(switchOff as ActionDefinition, directory, intent, { settings: { switchOff: 'standby' } }),
  ).toEqual({
    mode: 'poweroff',
    bootIdBefore: intent.bootId,
    bootIdAfter: expect.not.stringMatching(String(intent.bootId)),
  });
});

test('SWITCH_OFF that was to cut the power and did not is INTERRUPTED', async () => {
  const context = createContext({ platform: platformWith() });
  const intent = { mode: 'poweroff', bootId: 'boot-1' };
  await expect(switchOff.settle?.({}, context, intent)).rejects.toMatchObject({ code: 'INTERRUPTED' });
});
