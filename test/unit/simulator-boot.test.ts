import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bootUp, fallBackOf } from '../../platform/drivers/simulator/boot.ts';
import { type BoxState, loadState } from '../../platform/drivers/simulator/state.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** A box with firmware 2.0.0 on trial in slot B, not started yet. */
function onTrial(): BoxState {
  const state = loadState({ stateFile: join(temporaryDirectory(), 'box.json'), tvPort: undefined, bootMs: 0 });
  const trial = { version: '2.0.0', state: 'trial', tried: false, behaviour: 'healthy' } as const;
  return { ...state, slots: { ...state.slots, B: trial }, next: 'B' };
}

test('a slot on trial is started once, and given up at the next start', () => {
  const first = bootUp(onTrial(), 'reboot');
  expect([first.running, first.slots.B.state]).toEqual(['B', 'trial']);
  expect(fallBackOf(onTrial(), first)).toBeUndefined();
  const second = bootUp(first, 'power');
  expect([second.running, second.next, second.slots.B.state]).toEqual(['A', 'A', 'bad']);
  expect(fallBackOf(first, second)).toBe('Gave up slot B (2.0.0) and fell back to A (1.0.0).');
});

test('a confirmed slot is started for ever', () => {
  const { slots, ...rest } = bootUp(onTrial(), 'reboot');
  const confirmed = { ...rest, slots: { ...slots, B: { ...slots.B, state: 'good' as const } } };
  expect(bootUp(bootUp(confirmed, 'power'), 'power').running).toBe('B');
});

test('a slot with nothing in it is never started', () => {
  const { slots, ...rest } = onTrial();
  const half = { ...rest, slots: { ...slots, B: { ...slots.B, state: 'empty' as const, version: null } } };
  expect(bootUp(half, 'power').running).toBe('A');
});

test('every start has a new boot id and counts', () => {
  const before = onTrial();
  const after = bootUp(before, 'watchdog');
  expect(after.bootId).not.toBe(before.bootId);
  expect(after).toMatchObject({ bootCount: before.bootCount + 1, bootReason: 'watchdog', booting: true, power: 'on' });
});

test('a channel is on again after a start, a video is not', () => {
  const channel = { kind: 'channel', id: 'a', url: 'http://127.0.0.1/a' } as const;
  const video = { kind: 'video', url: 'http://127.0.0.1/b' } as const;
  expect(bootUp({ ...onTrial(), playing: channel }, 'power').playing).toEqual(channel);
  expect(bootUp({ ...onTrial(), playing: video }, 'power').playing).toBeNull();
});
