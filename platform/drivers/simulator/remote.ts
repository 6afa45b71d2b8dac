/** What the keys of the remote control do. Whoever presses them, the viewer or the agent, the same happens. */
import type { KeyName, Source } from '../../contract.ts';
import { setMuted, setVolume } from './audio.ts';
import type { Box } from './box.ts';
import { createMenu } from './menu.ts';
import { bannerOf, type Playback } from './playback.ts';
import type { PowerSupply } from './power.ts';
import { sourceOf } from './tuner.ts';

export type Remote = {
  /** `by` says who pressed: the viewer on the TV page, or the agent. */
  press(key: KeyName, by: 'viewer' | 'agent'): void;
};

const volumeStep = 5;
const bannerMs = 4_000;
const toastMs = 2_500;
/** How long a viewer may take for the next digit of a channel number. */
const digitsMs = 1_500;
const longestNumber = 4;

export function createRemote(box: Box, playback: Playback, power: PowerSupply): Remote {
  // A failure is on the screen and in the log already.
  const watch = (channel: Source) => void playback.start(channel).catch(() => {});
  const menu = createMenu(box, { channels: () => channelsOf(box), watch, standby: power.standby });
  let dialling: NodeJS.Timeout | undefined;

  const zap = (step: 1 | -1) => {
    const channels = channelsOf(box);
    const at = channels.findIndex((channel) => channel.id === playback.current()?.id);
    const next = channels.at((at === -1 && step === -1 ? 0 : at + step) % channels.length);
    if (next === undefined) box.flash('toast', 'No channels yet', toastMs);
    else watch(next);
  };

  const dial = () => {
    clearTimeout(dialling);
    const number = Number(box.screen.digits);
    box.show('digits', undefined);
    const channel = channelsOf(box).find((each) => each.number === number);
    if (channel === undefined) box.flash('toast', `No channel ${number}`, toastMs);
    else watch(channel);
  };

  const digit = (typed: string) => {
    clearTimeout(dialling);
    box.show('digits', `${box.screen.digits ?? ''}${typed}`.slice(-longestNumber));
    dialling = setTimeout(() => box.closed.aborted || dial(), digitsMs).unref();
  };

  const leave = () => {
    clearTimeout(dialling);
    box.show('digits', undefined);
    box.show('banner', undefined);
  };

  const information = () => {
    const source = playback.current();
    if (source === null) box.flash('toast', 'Nothing is on', toastMs);
    else box.flash('banner', bannerOf(source), bannerMs);
  };

  const act = (key: KeyName) => {
    const message = box.screen.messages?.at(-1);
    if (message !== undefined && (key === 'OK' || key === 'EXIT' || key === 'BACK')) return message.dismiss();
    if (box.screen.blocked !== undefined) return;
    if (box.screen.page !== undefined && (key === 'EXIT' || key === 'BACK')) return box.show('page', undefined);
    if (menu.take(key)) return;
    switch (key) {
      case 'VOL_UP':
        return setVolume(box, box.state.volume + volumeStep);
      case 'VOL_DOWN':
        return setVolume(box, box.state.volume - volumeStep);
      case 'MUTE':
        return setMuted(box, !box.state.muted);
      case 'CHANNEL_NEXT':
        return zap(1);
      case 'CHANNEL_PREV':
        return zap(-1);
      case 'MENU':
      case 'SERVICES':
        return menu.open('main');
      case 'EPG':
        return menu.open('channels');
      case 'OK':
        return box.screen.digits === undefined ? menu.open('channels') : dial();
      case 'BACK':
      case 'EXIT':
      case 'TV':
        return leave();
      case 'INFO':
        return information();
      case 'PLAY':
      case 'CONTINUE':
        return box.screen.playback?.phase === 'paused' ? playback.togglePause() : undefined;
      case 'PAUSE':
        return playback.togglePause();
      case 'STOP':
        return playback.stop();
      default:
        if (key.startsWith('NUM')) digit(key.slice(3));
    }
  };

  return {
    press(key, by) {
      box.record('key', `${key} pressed by the ${by}.`, { key, by });
      if (key === 'POWER') power.button();
      else if (box.state.power === 'on' && !box.state.booting) act(key);
    },
  };
}

/** Every TV channel the box knows, by number: the tuner's, and those it was asked to play. */
function channelsOf(box: Box): Source[] {
  const known = new Map(box.state.services.map((service) => [service.channel, sourceOf(service)]));
  for (const channel of box.state.channels) {
    if (channel.kind === 'channel' && channel.id !== undefined) known.set(channel.id, channel);
  }
  return [...known.values()].sort((a, b) => (a.number ?? Infinity) - (b.number ?? Infinity));
}
