import { expect, test } from 'vitest';
import type { ErrorCode } from '../../../agent/errors.ts';
import { errorTable } from '../../../agent/errors.ts';
import type { Report } from '../../../agent/protocol/messages.ts';
import type { Origin } from '../../../agent/upstreams/ministra-id.ts';
import { type ConfirmWhen, isShown, type Receipt, receiptFor } from '../../../agent/upstreams/ministra-receipt.ts';

const origin: Origin = { eventId: '27', message: 'ministra:27:confirm:0', confirm: true, hides: false, reboot: false };

function ended(how: string, type = 'MESSAGE'): Partial<Report> {
  return { type, state: 'done', result: { ended: how } };
}

function failed(code: ErrorCode, more: Partial<Report> = {}): Partial<Report> {
  const { retryable, refusal } = errorTable[code];
  return { type: 'MESSAGE', state: refusal ? 'refused' : 'failed', error: { code, message: '', retryable }, ...more };
}

const report = (parts: Partial<Report>) =>
  ({ v: 1, kind: 'report', report: 'r', id: 'x', at: '', state: 'done', ...parts }) as Report;

test.each<[string, Partial<Report>, Partial<Origin>, ConfirmWhen, number, Receipt]>([
  ['what waits for no confirmation gets none', ended('dismissed'), { confirm: false }, 'read', 0, 'nothing'],
  ['a message the viewer closed', ended('dismissed'), {}, 'read', 0, 'confirm'],
  ['a message that went by itself, as it was to', ended('timeout'), { hides: true }, 'read', 0, 'confirm'],
  ['a message that nobody closed for a day', ended('timeout'), {}, 'read', 0, 'again'],
  ['the same, where being shown is enough', ended('timeout'), {}, 'shown', 0, 'confirm'],
  ['a message that a restart took away', ended('interrupted'), {}, 'read', 9, 'again'],
  ['the same, where being shown is enough', ended('interrupted'), {}, 'shown', 0, 'confirm'],
  ['a message in whose middle the agent died', failed('INTERRUPTED'), {}, 'shown', 0, 'again'],
  ['a message in which the agent dies each time', failed('INTERRUPTED'), {}, 'shown', 4, 'give up'],
  ['a message for which the screen failed', failed('DEVICE_FAILED'), {}, 'read', 1, 'again'],
  ['a message without text', failed('BAD_PARAMS'), {}, 'read', 0, 'give up'],
  ['a message for a box without a screen', failed('UNSUPPORTED'), {}, 'read', 0, 'give up'],
  [
    'a message that was read, whose video failed',
    failed('PLAYBACK_FAILED', { type: 'MESSAGE_VIDEO', result: { ended: 'dismissed' } }),
    {},
    'read',
    0,
    'confirm',
  ],
  ['a command that the portal waits for', { type: 'REBOOT', state: 'done' }, {}, 'read', 0, 'confirm'],
  ['a command that failed', failed('REBOOT_FAILED', { type: 'REBOOT' }), {}, 'read', 0, 'confirm'],
])('%s (%#)', (_what, parts, more, when, timesInVain, receipt) => {
  expect(receiptFor(report(parts), { ...origin, ...more }, when, timesInVain)).toBe(receipt);
});

test('a message on the screen may be confirmed only where that is enough, one that something follows in any case', () => {
  const progress = (phase: string) => report({ state: 'progress', progress: { phase } });
  expect(isShown(progress('shown'), 'shown')).toBe(true);
  expect(isShown(progress('shown'), 'read')).toBe(false);
  expect(isShown(report({ open: true }), 'shown')).toBe(true);
  expect(isShown(report({ open: true }), 'read')).toBe(false);
  expect(isShown(progress('playing'), 'read')).toBe(true);
  expect(isShown(progress('opening'), 'read')).toBe(true);
  expect(isShown(progress('downloading'), 'shown')).toBe(false);
  expect(isShown(report({ state: 'started' }), 'shown')).toBe(false);
});
