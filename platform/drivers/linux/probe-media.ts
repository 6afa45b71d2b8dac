/** How sound, player and tuner are looked for. */
import type { Audio, Player, Tuner } from '../../contract.ts';
import { findAlsaMixer } from './alsa.ts';
import { createAudio } from './audio.ts';
import { createForeignMpv, createOwnMpv } from './mpv.ts';
import { findPipewireMixer } from './pipewire.ts';
import { createPlayer, type LinuxPlayer } from './player.ts';
import { isMissing, type Probe, type ProbeContext, sentence } from './probe.ts';
import { createTuner } from './tuner.ts';
import { createVoice } from './voice.ts';

/** PipeWire where it runs, unless an ALSA card was chosen; else ALSA. */
export async function probeAudio({ system, settings, recollection }: ProbeContext): Promise<Probe<Audio>> {
  const { audioCard, audioControl } = settings;
  const isChosen = audioCard !== undefined || audioControl !== undefined;
  const mixer =
    (isChosen ? undefined : await findPipewireMixer(system)) ??
    (await findAlsaMixer(system, { card: audioCard, control: audioControl }));
  if (isMissing(mixer)) return mixer;
  const voice = createVoice(system, mixer.player, settings);
  return {
    capability: createAudio(mixer, recollection, voice),
    by: sentence(
      mixer.name,
      voice.chime === undefined && 'it cannot sound: install alsa-utils (aplay) or pipewire-bin (pw-play)',
      voice.chime && !voice.speak && settings.speech && 'it cannot read out: install espeak-ng',
    ),
  };
}

export async function probePlayer(
  { system, settings }: ProbeContext,
  wake: () => Promise<void>,
): Promise<Probe<Player> & { player?: LinuxPlayer }> {
  const { mpvSocket, mpvOptions } = settings;
  if (mpvSocket !== undefined) {
    const player = createPlayer(createForeignMpv(mpvSocket), wake);
    const answers = await player.attach().then(
      () => true,
      () => false,
    );
    const by = sentence(`mpv at ${mpvSocket}`, !answers && 'which does not answer yet');
    return { capability: player, by, player };
  }
  const program = system.program('mpv');
  if (program === undefined) {
    return {
      reason: 'mpv is not installed',
      cure: 'install the Debian package mpv, or set platform.linux.mpv_socket where one runs',
    };
  }
  const player = createPlayer(createOwnMpv(program, mpvOptions), wake);
  return { capability: player, by: [program, ...mpvOptions].join(' '), player };
}

/** A DVB adapter, dvb-tools and a player to show what comes. */
export function probeTuner({ system, settings }: ProbeContext, player: LinuxPlayer | undefined): Probe<Tuner> {
  const adapters = system
    .list('/dev/dvb')
    .filter((name) => system.exists(`/dev/dvb/${name}/frontend0`))
    .map((name) => Number(name.replace('adapter', '')));
  const adapter = settings.tunerAdapter ?? adapters.toSorted((a, b) => a - b)[0];
  if (adapter === undefined || !adapters.includes(adapter)) {
    return {
      reason: adapters.length === 0 ? 'there is no DVB tuner' : `there is no DVB adapter ${adapter}, only ${adapters}`,
      cure: adapters.length === 0 ? "load the tuner's kernel driver" : 'correct platform.linux.tuner_adapter',
    };
  }
  const [zap, mkfifo] = [system.program('dvbv5-zap'), system.program('mkfifo')];
  if (zap === undefined || mkfifo === undefined) {
    return { reason: 'dvbv5-zap is not installed', cure: 'install the Debian package dvb-tools' };
  }
  if (player === undefined) {
    return { reason: 'there is no player to show what the tuner receives', cure: 'install the Debian package mpv' };
  }
  return {
    capability: createTuner({ zap, mkfifo, adapter, player, folder: settings.stateDir }),
    by: `/dev/dvb/adapter${adapter}, by dvbv5-zap`,
  };
}
