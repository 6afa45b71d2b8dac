import type { NowPlaying, Player } from '../../platform/contract.ts';
import { type ActionContext, checkNotCutOff, defineAction, need } from '../action.ts';
import { displayMessage, follow } from '../message-display.ts';
import { limits } from '../protocol/limits.ts';

/** How often it is looked whether the video has ended: the player has no word for it. */
const lookMs = 1_000;

export const showMessageVideo = defineAction({
  type: 'MESSAGE_VIDEO',
  summary: 'Shows a message, plays a video when that has left the screen, and then what was on before.',
  result: {
    ended: '`dismissed` by the viewer, or `timeout`',
    shownSeconds: 'how long the message was on the screen',
    video: 'what was played',
    after:
      '`restored` to what was on before, `nothing` when nothing was or the box has been cut off, `zapped` when the viewer chose something else meanwhile',
  },
  capabilities: ['ui', 'player'],
  group: null,
  idempotent: false,
  deadlineMs: (params, settings) => (params.duration ?? settings.messageSeconds) * 1000 + limits.announcementMs,
  async run({ message, video, duration }, context) {
    const player = need(context.platform, 'player');
    const displayed = await displayMessage(message, duration ?? context.settings.messageSeconds, context);
    context.progress({ phase: 'playing' });
    return follow(displayed, async () => {
      checkNotCutOff('MESSAGE_VIDEO', context);
      const before = player.playing();
      await player.play({ kind: 'video', url: video }, context.signal);
      const after = (await untilOver(player, video, context)) ? await restore(before, context) : 'zapped';
      return { ...displayed, video, after };
    });
  },
});

/** Resolves when the video is not on any more: true when nothing is on in its place. A channel that starts is nothing too, for a moment. */
async function untilOver(player: Player, url: string, context: ActionContext): Promise<boolean> {
  let silent = 0;
  while (silent < 2) {
    await context.sleep(lookMs);
    const playing = player.playing();
    if (playing !== null && (playing.kind !== 'video' || playing.url !== url)) return false;
    silent = playing === null ? silent + 1 : 0;
  }
  return true;
}

async function restore(
  before: NowPlaying | null,
  { platform, cutOff, signal }: ActionContext,
): Promise<'restored' | 'nothing'> {
  if (before === null || cutOff.current() !== null) return 'nothing';
  const { url, ...about } = before;
  if (about.reception === 'DVB' && about.id !== undefined) await need(platform, 'tuner').tune(about.id, signal);
  else if (url !== undefined) await need(platform, 'player').play({ ...about, url }, signal);
  else return 'nothing';
  return 'restored';
}
