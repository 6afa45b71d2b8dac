import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findAlsaMixer } from '../../../platform/drivers/linux/alsa.ts';
import { createAudio } from '../../../platform/drivers/linux/audio.ts';
import { createChime } from '../../../platform/drivers/linux/chime.ts';
import type { Mixer } from '../../../platform/drivers/linux/mixer.ts';
import { findPipewireMixer, parseVolume } from '../../../platform/drivers/linux/pipewire.ts';
import { openRecollection } from '../../../platform/drivers/linux/record.ts';
import { createVoice } from '../../../platform/drivers/linux/voice.ts';
import { type FakeBox, fakeBox } from '../../support/fake-box.ts';

const calm = new AbortController().signal;

/** A card with a control of `steps` steps, with a switch or without, behind a program that talks like amixer. */
function boxWithCard(steps: number, { hasSwitch = true } = {}): FakeBox {
  const box = fakeBox({ '/proc/asound/cards': ' 0 [Card           ]: X - X\n', '/raw': '0', '/switch': 'on' });
  box.program(
    'amixer',
    `RAW=$(cat $ROOT/raw); SWITCH=$(cat $ROOT/switch)
case "$4 $6" in
  sset\\ *%) P=\${6%\\%}; RAW=$(( (P * ${steps} + 50) / 100 )); printf $RAW > $ROOT/raw ;;
  "sset mute") ${hasSwitch ? 'SWITCH=off; printf off > $ROOT/switch' : 'echo "amixer: Invalid command!" >&2; exit 1'} ;;
  "sset unmute") ${hasSwitch ? 'SWITCH=on; printf on > $ROOT/switch' : 'echo "amixer: Invalid command!" >&2; exit 1'} ;;
esac
echo "Simple mixer control 'Master',0"
echo "  Capabilities: pvolume${hasSwitch ? ' pswitch' : ''}"
echo "  Mono: Playback $RAW [$(( (RAW * 100 + ${steps} / 2) / ${steps} ))%]${hasSwitch ? ' [$SWITCH]' : ''}"`,
  );
  return box;
}

async function audioOf(box: FakeBox) {
  const mixer = (await findAlsaMixer(box.system, {})) as Mixer;
  return createAudio(mixer, openRecollection(join(box.root, 'box.json')), {});
}

test('a control of 31 steps tells the volume that was asked for, until something moves it', async () => {
  const box = boxWithCard(31);
  const audio = await audioOf(box);
  for (const percent of [0, 37, 100, 20]) {
    expect(await audio.setVolume(percent)).toBe(percent);
    expect(await audio.volume()).toBe(percent);
  }
  expect(await (await audioOf(box)).volume()).toBe(20);
  box.put('/raw', '7');
  expect(await audio.volume()).toBe(23);
});

test('a control that does not go where it is told is DEVICE_FAILED', async () => {
  const box = boxWithCard(31);
  box.program(
    'amixer',
    `echo "Simple mixer control 'Master',0"; echo "  Capabilities: pvolume"; echo "  Mono: Playback 31 [100%]"`,
  );
  await expect((await audioOf(box)).setVolume(37)).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: expect.stringMatching(/to 37 %: it stands at 100 %/),
  });
});

test.each([{ hasSwitch: true }, { hasSwitch: false }])(
  'muting leaves the volume as it was, with a switch or without: %j',
  async (how) => {
    const box = boxWithCard(74, how);
    const audio = await audioOf(box);
    await audio.setVolume(41);
    for (const muted of [true, true, false, false]) {
      await audio.setMuted(muted);
      expect([await audio.muted(), await audio.volume()]).toEqual([muted, 41]);
    }
    await audio.setMuted(true);
    expect(await (await audioOf(box)).muted()).toBe(true);
    expect(box.get('/raw')).toBe(how.hasSwitch ? '30' : '0');
  },
);

test('without a switch, a new volume ends muting', async () => {
  const audio = await audioOf(boxWithCard(74, { hasSwitch: false }));
  await audio.setVolume(41);
  await audio.setMuted(true);
  await audio.setVolume(10);
  expect([await audio.muted(), await audio.volume()]).toEqual([false, 10]);
});

test("wpctl's volume is read, with and without its switch", () => {
  expect(parseVolume('Volume: 0.37\n')).toEqual({ percent: 37, raw: '0.37', muted: false });
  expect(parseVolume('Volume: 1.25 [MUTED]\n')).toEqual({ percent: 100, raw: '1.25', muted: true });
  expect(parseVolume("Translate ID error: '@DEFAULT_AUDIO_SINK@' is not a valid ID\n")).toBeUndefined();
});

test("PipeWire is taken where a user's socket is and an output answers", async () => {
  const box = fakeBox({ '/run/user/1000/pipewire-0': '' });
  box.program('wpctl', `[ "$XDG_RUNTIME_DIR" = "$ROOT/run/user/1000" ] && echo 'Volume: 0.40'`);
  const mixer = await findPipewireMixer(box.system);
  expect(mixer?.name).toBe('the default output of PipeWire at /run/user/1000/pipewire-0');
  await mixer?.setVolume(37);
  await mixer?.setMuted(true);
  expect(box.calls().slice(1)).toEqual([
    'wpctl set-volume @DEFAULT_AUDIO_SINK@ 37%',
    'wpctl set-mute @DEFAULT_AUDIO_SINK@ 1',
  ]);
  box.program('wpctl', 'exit 2');
  expect(await findPipewireMixer(box.system)).toBeUndefined();
  expect(await findPipewireMixer(fakeBox().system)).toBeUndefined();
});

test('the chime is a WAV file that begins and ends silent and never clips', () => {
  const wav = Buffer.from(createChime());
  expect([wav.toString('latin1', 0, 4), wav.readUInt32LE(4), wav.readUInt32LE(40)]).toEqual([
    'RIFF',
    wav.length - 8,
    wav.length - 44,
  ]);
  const samples = Array.from({ length: (wav.length - 44) / 2 }, (_, index) => wav.readInt16LE(44 + index * 2));
  const loudest = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  expect(loudest).toBeGreaterThan(8_000);
  expect(loudest).toBeLessThan(32_767);
  expect(samples[0]).toBe(0);
  expect(Math.abs(samples.at(-1) ?? 1)).toBeLessThan(600);
});

test('a message is read out from standard input, where nothing of it is an option', async () => {
  const box = fakeBox();
  box.program('espeak-ng', 'cat > "$ROOT/said"; printf RIFF > "$4"');
  box.program('aplay', 'cp "$2" "$ROOT/played"');
  const player = { program: box.system.program('aplay') ?? '', args: ['-q'] };
  const voice = createVoice(box.system, player, { speech: true, speechVoice: 'de' });
  await voice.speak?.('--version; Essen ist fertig.', calm);
  expect([box.get('/said'), box.get('/played')]).toEqual(['--version; Essen ist fertig.', 'RIFF']);
  expect(box.calls()[0]).toMatch(/^espeak-ng -v de -w \S+ --stdin$/);
  await voice.chime?.(calm);
  expect(readFileSync(join(box.root, 'played')).equals(Buffer.from(createChime()))).toBe(true);
});

test('a sound that is aborted ends, and leaves no file', async () => {
  const box = fakeBox();
  box.program('aplay', 'printf "$1" > "$ROOT/file"; exec sleep 60');
  const voice = createVoice(
    box.system,
    { program: box.system.program('aplay') ?? '', args: [] },
    { speech: true, speechVoice: 'en' },
  );
  await expect(voice.chime?.(AbortSignal.timeout(300))).rejects.toThrow(/timeout/);
  expect(() => readdirSync(join(box.get('/file'), '..'))).toThrow(/ENOENT/);
});

test('a box without a player cannot sound, one without espeak-ng or with speech off cannot speak', () => {
  const box = fakeBox();
  const player = { program: '/bin/true', args: [] };
  const can = (voice: object) => Object.keys(voice);
  expect(can(createVoice(box.system, undefined, { speech: true, speechVoice: 'en' }))).toEqual([]);
  expect(can(createVoice(box.system, player, { speech: true, speechVoice: 'en' }))).toEqual(['chime']);
  box.program('espeak-ng');
  expect(can(createVoice(box.system, player, { speech: false, speechVoice: 'en' }))).toEqual(['chime']);
});
