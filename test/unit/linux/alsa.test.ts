import { expect, test } from 'vitest';
import { findAlsaMixer, parseCards, parseControls } from '../../../platform/drivers/linux/alsa.ts';
import { isMissing } from '../../../platform/drivers/linux/probe.ts';
import { fakeBox } from '../../support/fake-box.ts';

const cards = ` 0 [Intel          ]: HDA-Intel - HDA Intel
                      HDA Intel at 0xfebf0000 irq 36
 1 [vc4hdmi0       ]: vc4-hdmi - vc4-hdmi-0
                      vc4-hdmi-0
`;
/** amixer -M scontents of an HDA card, of a USB headset, and of snd-dummy, whose Master has no switch. */
const hda = `Simple mixer control 'Master',0
  Capabilities: pvolume pswitch
  Playback channels: Front Left - Front Right
  Limits: Playback 0 - 74
  Mono:
  Front Left: Playback 51 [38%] [-23.00dB] [on]
  Front Right: Playback 51 [38%] [-23.00dB] [on]
`;
const usb = `Simple mixer control 'Speaker',0
  Capabilities: pvolume pvolume-joined pswitch pswitch-joined
  Playback channels: Mono
  Limits: Playback 0 - 37
  Mono: Playback 20 [54%] [-17.00dB] [off]
Simple mixer control 'Mic',0
  Capabilities: cvolume cvolume-joined cswitch cswitch-joined
  Capture channels: Mono
  Limits: Capture 0 - 16
  Mono: Capture 9 [56%] [9.00dB] [on]
`;
const dummy = `Simple mixer control 'Master',0
  Capabilities: volume
  Playback channels: Front Left - Front Right
  Capture channels: Front Left - Front Right
  Limits: -50 - 100
  Front Left: 0 [33%] [-45.00dB]
  Front Right: 0 [33%] [-45.00dB]
`;

test('cards are listed with their number and id', () => {
  expect(parseCards(cards)).toEqual([
    { index: 0, id: 'Intel' },
    { index: 1, id: 'vc4hdmi0' },
  ]);
  expect(parseCards('--- no soundcards ---\n')).toEqual([]);
});

test('a control has a volume, a figure of its own, and a switch or none', () => {
  expect(parseControls(hda)).toEqual([
    { name: 'Master', hasVolume: true, hasSwitch: true, state: { percent: 38, raw: '51', muted: false } },
  ]);
  expect(parseControls(usb)).toMatchObject([
    { name: 'Speaker', hasVolume: true, state: { percent: 54, muted: true } },
    { name: 'Mic', hasVolume: false },
  ]);
  expect(parseControls(dummy)).toMatchObject([
    { name: 'Master', hasVolume: true, hasSwitch: false, state: { percent: 33, raw: '0', muted: undefined } },
  ]);
});

const boxWith = (outputs: Record<number, string>) => {
  const box = fakeBox({ '/proc/asound/cards': cards });
  for (const [card, output] of Object.entries(outputs)) box.put(`/out/${card}`, output);
  box.program('amixer', 'cat "$ROOT/out/$3" 2>/dev/null; exit 0');
  return box;
};

test('the first card with a volume is taken, and of its controls the one that is the whole', async () => {
  const pcm = hda.replace('Master', 'Front') + hda.replace('Master', 'PCM');
  expect(await findAlsaMixer(boxWith({ 0: usb, 1: hda }).system, {})).toMatchObject({
    name: 'Speaker of ALSA card 0 (Intel)',
  });
  expect(await findAlsaMixer(boxWith({ 0: '', 1: pcm }).system, {})).toMatchObject({
    name: 'PCM of ALSA card 1 (vc4hdmi0)',
  });
});

test('card and control can be chosen, the card by number or id', async () => {
  const { system } = boxWith({ 0: hda, 1: usb });
  expect(await findAlsaMixer(system, { card: '1' })).toMatchObject({ name: 'Speaker of ALSA card 1 (vc4hdmi0)' });
  expect(await findAlsaMixer(system, { card: 'vc4hdmi0' })).toMatchObject({ name: expect.stringContaining('card 1') });
  expect(await findAlsaMixer(system, { control: 'Speaker' })).toMatchObject({
    name: expect.stringContaining('card 1'),
  });
});

test.each([
  { what: 'no card', box: () => fakeBox(), wanted: {}, reason: /no sound card/ },
  {
    what: 'no amixer',
    box: () => fakeBox({ '/proc/asound/cards': cards }),
    wanted: {},
    reason: /amixer is not installed/,
  },
  {
    what: 'no control',
    box: () => boxWith({ 1: 'x' }),
    wanted: {},
    reason: /no volume control .*card 0 \(Intel\) has none/,
  },
  {
    what: 'no such card',
    box: () => boxWith({ 0: hda }),
    wanted: { card: '7' },
    reason: /no sound card 7, only 0 \(Intel\), 1/,
  },
  {
    what: 'no such control',
    box: () => boxWith({ 0: hda }),
    wanted: { control: 'HDMI' },
    reason: /no HDMI on a sound card: card 0 \(Intel\) has Master/,
  },
])('$what: the reason and the cure are told', async ({ box, wanted, reason }) => {
  const missing = await findAlsaMixer(box().system, wanted);
  expect(isMissing(missing) && missing.reason).toMatch(reason);
  expect(isMissing(missing) && missing.cure.length).toBeGreaterThan(10);
});
