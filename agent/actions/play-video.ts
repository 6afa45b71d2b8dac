import type { Ui } from '../../platform/contract.ts';
import { defineAction, need } from '../action.ts';
import { readMessage } from '../message-html.ts';

export const playVideo = defineAction({
  type: 'VIDEO',
  summary:
    'Plays a video by its URL. Done when the first picture is out; a message, which needs `ui`, is on the screen by then too and stays for its own time.',
  result: { url: 'what is playing' },
  capabilities: ['player'],
  group: 'player',
  idempotent: true,
  deadlineMs: () => 60_000,
  async run(params, context) {
    const { platform, settings } = context;
    const player = need(platform, 'player');
    const message =
      params.message === undefined
        ? undefined
        : { ui: need(platform, 'ui'), html: (await readMessage(params.message)).html };
    await player.play({ kind: 'video', url: params.video }, context.signal);
    if (message) await show(message.ui, message.html, settings.messageSeconds * 1000);
    return { url: params.video };
  },
});

/** Resolves when the message is on the screen. It outlives the action, so its own time bounds it, not the action's signal. */
function show(ui: Ui, html: string, durationMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(durationMs + 5_000);
    ui.message({ html, durationMs, shown: resolve }, signal).then(() => resolve(), reject);
  });
}
