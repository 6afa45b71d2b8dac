/** The decoder: one source at a time, as the player, the tuner and the channel keys use it. */
import { PlatformError, type Source } from '../../contract.ts';
import type { Box } from './box.ts';

export type Playback = {
  /** Plays instead of what is on; resolves when the picture is out, wakes a box in standby. */
  start(source: Source, signal?: AbortSignal): Promise<void>;
  stop(): void;
  /** Pauses, or plays on. */
  togglePause(): void;
  /** What is on; null in standby and when nothing is. */
  current(): Source | null;
  /** Puts what was on before standby or a restart on the screen again. */
  resumeAfterWake(): void;
};

/** From the command to the first picture. */
const startMs = 150;
const bannerMs = 4_000;
/** How many channels the box remembers for its channel keys. */
const rememberedChannels = 500;
/** What the decoder can read; `dvb` is the tuner's. */
const schemes = ['http', 'https', 'rtp', 'udp', 'rtsp', 'dvb'];

export function createPlayback(box: Box): Playback {
  let starting = new AbortController();

  const put = (source: Source) => {
    box.show('playback', { source, phase: 'playing', startedAt: Date.now() });
    if (source.kind !== 'video') box.flash('banner', bannerOf(source), bannerMs);
  };

  const fail = (source: Source, reason: string): never => {
    box.update({ playing: null }, 'lazy');
    box.show('playback', { source, phase: 'failed', reason });
    box.record('play-failed', `${titleOf(source)} does not play: ${reason}.`, { ...source, reason });
    throw new PlatformError('PLAYBACK_FAILED', `playing ${source.url}: ${reason}; check the address and try again`);
  };

  return {
    async start(source, signal) {
      starting.abort(new PlatformError('PLAYBACK_FAILED', `replaced by ${titleOf(source)} before it started`));
      const mine = new AbortController();
      starting = mine;
      if (box.state.power === 'standby') {
        box.update({ power: 'on' });
        box.record('wake', 'Wakes up to play.');
      }
      box.update({ playing: null }, 'lazy');
      if (box.screen.page !== undefined) box.show('page', undefined);
      box.show('playback', { source, phase: 'starting' });
      try {
        await box.wait(startMs, signal ? AbortSignal.any([signal, mine.signal]) : mine.signal);
      } catch (error) {
        if (starting === mine) box.show('playback', undefined);
        throw error;
      }
      const obstacle = obstacleOf(source.url);
      if (obstacle !== undefined) fail(source, obstacle);
      box.update({ playing: source, channels: remember(box.state.channels, source) }, 'lazy');
      put(source);
      box.record('play', `Plays ${titleOf(source)}.`, { ...source });
    },
    stop() {
      starting.abort(new PlatformError('PLAYBACK_FAILED', 'stopped before it started'));
      const stopped = box.state.playing;
      if (stopped !== null) {
        box.update({ playing: null }, 'lazy');
        box.record('stop', `Stops ${titleOf(stopped)}.`);
      }
      box.show('playback', undefined);
    },
    togglePause() {
      const { playback } = box.screen;
      if (playback?.phase !== 'playing' && playback?.phase !== 'paused') return;
      const phase = playback.phase === 'playing' ? 'paused' : 'playing';
      box.show('playback', { ...playback, phase });
      box.record('pause', phase === 'paused' ? 'Pauses.' : 'Plays on.');
    },
    current: () => (box.state.power === 'on' ? box.state.playing : null),
    resumeAfterWake() {
      if (box.state.power === 'on' && box.state.playing !== null) put(box.state.playing);
    },
  };
}

/** How people call a source. */
export function titleOf(source: Source): string {
  if (source.name === undefined) return source.url;
  return source.number === undefined ? source.name : `${source.number} ${source.name}`;
}

export function bannerOf(source: Source) {
  const { name = source.url, number, reception } = source;
  return { name, ...(number !== undefined && { number }), ...(reception && { reception }) };
}

/** Why a source cannot play. The reserved name `.invalid` (RFC 2606) stands for every host that does not answer. */
function obstacleOf(address: string): string | undefined {
  const url = URL.parse(address);
  if (url === null) return 'not a URL';
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) return `the decoder cannot read ${scheme}, only ${schemes.join(', ')}`;
  if (url.hostname.endsWith('.invalid')) return `the host ${url.hostname} does not answer`;
  return undefined;
}

function remember(channels: Source[], source: Source): Source[] {
  if (source.kind === 'video' || source.id === undefined) return channels;
  return [...channels.filter((each) => each.id !== source.id), source].slice(-rememberedChannels);
}
