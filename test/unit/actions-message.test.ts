import { expect, test } from 'vitest';
import { playVideo } from '../../agent/actions/play-video.ts';
import { showMessage } from '../../agent/actions/show-message.ts';
import { AgentError } from '../../agent/errors.ts';
import { limits } from '../../agent/protocol/limits.ts';
import type { Audio, Ui, UiMessage } from '../../platform/contract.ts';
import { createContext, openTestBox, platformWith } from '../support/action-context.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

/** A user interface that shows messages until the test ends them. */
function createScreen() {
  const shown: UiMessage[] = [];
  let end: (how: 'dismissed' | 'timeout') => void = () => {};
  const ui: Partial<Ui> = {
    message(message, signal) {
      return new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        end = resolve;
        shown.push(message);
        message.shown?.();
      });
    },
  };
  return { ui: ui as Ui, shown, end: (how: 'dismissed' | 'timeout') => end(how) };
}

/** A loudspeaker that writes down what it is asked for; the last sound lasts until it is aborted. */
function createSpeaker(sounds: number) {
  const heard: string[] = [];
  const sound = (what: string) => async (signal: AbortSignal) => {
    heard.push(what);
    if (heard.length < sounds) return;
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  };
  const audio: Partial<Audio> = { chime: sound('chime'), speak: (text, signal) => sound(text)(signal) };
  return { audio: audio as Audio, heard };
}

test('a message that the viewer dismisses says so', async () => {
  const screen = createScreen();
  const context = createContext({ platform: platformWith({ ui: screen.ui }) });
  const result = showMessage.run({ message: '<b>Lunch</b> is ready.' }, context);
  await until(() => screen.shown.length === 1);
  expect(screen.shown[0]).toMatchObject({ html: '<b>Lunch</b> is ready.', durationMs: 30_000 });
  expect(context.said).toEqual([{ phase: 'shown' }]);
  expect(context.told).toEqual([{ notified: 0 }]);
  screen.end('dismissed');
  expect(await result).toEqual({ ended: 'dismissed', shownSeconds: expect.any(Number), notified: 0 });
});

test('a message stays for its duration, and its deadline lies behind that', async () => {
  const box = await openTestBox(temporaryDirectory());
  const result = await showMessage.run({ message: 'Short', duration: 1 }, createContext({ platform: box }));
  expect(result).toMatchObject({ ended: 'timeout', notified: 0 });
  const { settings } = createContext({ platform: box });
  expect(showMessage.deadlineMs({ message: 'Short', duration: 100 }, settings)).toBe(115_000);
  expect(showMessage.deadlineMs({ message: 'Short' }, settings)).toBe(45_000);
});

test('notify SOUND chimes once, and its report counts it', async () => {
  const screen = createScreen();
  const speaker = createSpeaker(2);
  const context = createContext({ platform: platformWith({ ui: screen.ui, audio: speaker.audio }) });
  const result = showMessage.run({ message: 'Hello', notify: 'SOUND' }, context);
  await until(() => speaker.heard.length === 1);
  screen.end('timeout');
  expect(await result).toMatchObject({ ended: 'timeout', notified: 1 });
  expect(speaker.heard).toEqual(['chime']);
});

test('notify READ with repeat reads the plain text again, after a pause, until the message is gone', async () => {
  const screen = createScreen();
  const speaker = createSpeaker(4);
  const context = createContext({ platform: platformWith({ ui: screen.ui, audio: speaker.audio }) });
  const params = {
    message: '<h1>Tea</h1>&amp; biscuits<script>alert(1)</script>',
    notify: 'READ',
    repeat: true,
  } as const;
  const result = showMessage.run(params, context);
  await until(() => speaker.heard.length === 4);
  screen.end('dismissed');
  expect(context.told).toEqual([{ notified: 1 }]);
  expect(await result).toMatchObject({ ended: 'dismissed', notified: 4 });
  expect(new Set(speaker.heard)).toEqual(new Set(['Tea & biscuits']));
  expect(context.slept).toEqual([limits.notifyGapMs, limits.notifyGapMs, limits.notifyGapMs]);
});

test.each([
  ['SOUND', {}, 'play a sound'],
  ['READ', { chime: async () => {} }, 'speak'],
] as const)('notify %s on a box that cannot is UNSUPPORTED before anything is shown', async (notify, audio, lack) => {
  const screen = createScreen();
  const context = createContext({ platform: platformWith({ ui: screen.ui, audio: audio as Audio }) });
  await expect(showMessage.run({ message: 'Hello', notify }, context)).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringMatching(new RegExp(`^audio: this box cannot ${lack}`)),
  });
  expect(screen.shown).toEqual([]);
});

test('a sound that fails does not take the message away, and the failure tells how the message ended', async () => {
  const screen = createScreen();
  const broken = { chime: () => Promise.reject(Object.assign(new Error('no loudspeaker'), { code: 'DEVICE_FAILED' })) };
  const context = createContext({ platform: platformWith({ ui: screen.ui, audio: broken as unknown as Audio }) });
  const result = showMessage.run({ message: 'Hello', notify: 'SOUND' }, context);
  await until(() => screen.shown.length === 1);
  screen.end('dismissed');
  await expect(result).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: expect.stringContaining('no loudspeaker'),
    result: { ended: 'dismissed', notified: 0 },
  });
  expect(context.told).toEqual([]);
});

test('an abort takes the message off the screen and stops the sound', async () => {
  const screen = createScreen();
  const speaker = createSpeaker(1);
  const abort = new AbortController();
  const context = createContext({
    platform: platformWith({ ui: screen.ui, audio: speaker.audio }),
    signal: abort.signal,
  });
  const result = expect(showMessage.run({ message: 'Hello', notify: 'SOUND', repeat: true }, context)).rejects.toThrow(
    'over',
  );
  await until(() => speaker.heard.length === 1);
  abort.abort(new Error('over'));
  await result;
});

test('a message of which nothing is left is refused', async () => {
  const screen = createScreen();
  const context = createContext({ platform: platformWith({ ui: screen.ui }) });
  const message = '<script>alert(1)</script><img src=x onerror=y> <br>';
  await expect(showMessage.run({ message }, context)).rejects.toMatchObject({ code: 'BAD_PARAMS' });
  expect(screen.shown).toEqual([]);
});

test('VIDEO is done when the picture is out and its message is on the screen, which then stays for its time', async () => {
  const box = await openTestBox(temporaryDirectory());
  const context = createContext({ platform: box });
  const video = 'https://some.host.example/video.mp4';
  expect(await playVideo.run({ video, message: 'Watch <i>this</i>' }, context)).toEqual({ url: video });
  expect(box.player?.playing()).toMatchObject({ kind: 'video', url: video });
  expect(box.simulator.snapshot().events.map(({ event }) => event)).toEqual(
    expect.arrayContaining(['play', 'message']),
  );
  expect(box.simulator.snapshot().events.map(({ event }) => event)).not.toContain('message-ended');
});

test('VIDEO that does not play is PLAYBACK_FAILED and shows no message', async () => {
  const box = await openTestBox(temporaryDirectory());
  const params = { video: 'http://nowhere.invalid/video.mp4', message: 'Watch this' };
  await expect(playVideo.run(params, createContext({ platform: box }))).rejects.toMatchObject({
    code: 'PLAYBACK_FAILED',
  });
  expect(box.simulator.snapshot().events.map(({ event }) => event)).not.toContain('message');
});

test('a message that a restart takes off the screen is done, and says that it was interrupted', async () => {
  const screen = createScreen();
  const abort = new AbortController();
  const context = createContext({ platform: platformWith({ ui: screen.ui }), signal: abort.signal });
  const result = showMessage.run({ message: 'Lunch' }, context);
  await until(() => screen.shown.length === 1);
  abort.abort(new AgentError('INTERRUPTED', 'REBOOT was due'));
  expect(await result).toMatchObject({ ended: 'interrupted' });
});
