import { type ActionContext, type ActionSettings, defineAction, need } from '../action.ts';
import { AgentError, errorCode } from '../errors.ts';
import { readMessage } from '../message-html.ts';
import { limits } from '../protocol/limits.ts';
import { messageTags } from '../protocol/message-tags.ts';
import type { Params } from '../protocol/params.ts';

export const showMessage = defineAction({
  type: 'MESSAGE',
  summary: `Shows a text over the screen until the viewer dismisses it or its time is out; done when it is there and was notified of once. Of HTML it may have the tags ${messageTags.join(', ')}; everything else is stripped, and all attributes.`,
  result: {
    ended:
      'how it left the screen: `dismissed` by the viewer, `timeout`, or `interrupted` by a restart or by switching the box off; absent while it is there',
    shownSeconds: 'how long it was on the screen, where that is known',
    notified: 'how often it was sounded or read out; the last time may have been cut short when the message went',
    reason: 'why it was interrupted, where the agent did not end it itself',
  },
  capabilities: ['ui'],
  group: null,
  idempotent: false,
  deadlineMs: (params, settings) => durationMs(params, settings) + 15_000,
  async run(params, context) {
    const { html, text } = await readMessage(params.message);
    const ui = need(context.platform, 'ui');
    const notify = notification(params, text, context);
    const gone = new AbortController();
    let notified = 0;
    let shownAt: number | undefined;
    let told: Promise<void> | undefined;
    const tellDone = () => {
      const isNotified = params.notify === undefined || notified > 0;
      if (shownAt !== undefined && isNotified && !gone.signal.aborted) told ??= context.done({ notified });
    };
    const shown = () => {
      shownAt = performance.now();
      context.progress({ phase: 'shown' });
      tellDone();
    };
    const count = () => {
      notified++;
      tellDone();
    };
    const [message, sound] = await Promise.allSettled([
      ui
        .message({ html, durationMs: durationMs(params, context.settings), shown }, context.signal)
        .finally(() => gone.abort()),
      notify(gone.signal, count),
    ]);
    await told;
    const interrupted = shownAt !== undefined && errorCode(context.signal.reason) === 'INTERRUPTED';
    if (message.status === 'rejected' && !interrupted) throw message.reason;
    const shownSeconds = Math.round((performance.now() - (shownAt ?? performance.now())) / 100) / 10;
    const ended = message.status === 'fulfilled' ? message.value : 'interrupted';
    const result = { ended, shownSeconds, notified };
    if (interrupted || told || sound.status === 'fulfilled') return result;
    const cause = sound.reason;
    throw new AgentError(errorCode(cause), `the message was shown, but not notified of: ${cause?.message ?? cause}`, {
      cause,
      result,
    });
  },
});

function durationMs(params: Params<'MESSAGE'>, settings: ActionSettings): number {
  return (params.duration ?? settings.messageSeconds) * 1000;
}

type Notification = (gone: AbortSignal, count: () => void) => Promise<void>;

/** What `notify` asks for, counted each time; ends when the message is gone. UNSUPPORTED where the box is mute. */
function notification(params: Params<'MESSAGE'>, text: string, context: ActionContext): Notification {
  if (params.notify === undefined) return async () => {};
  const once = voice(params.notify, text, context);
  return async (gone, count) => {
    do {
      await once(gone).catch((error) => {
        if (!gone.aborted) throw error;
      });
      count();
      if (params.repeat && !gone.aborted) await Promise.race([context.sleep(limits.notifyGapMs), aborted(gone)]);
    } while (params.repeat && !gone.aborted);
  };
}

/** The box's way to chime or to speak the text once. */
function voice(
  notify: 'SOUND' | 'READ',
  text: string,
  { platform }: ActionContext,
): (gone: AbortSignal) => Promise<void> {
  const audio = need(platform, 'audio');
  if (notify === 'SOUND' && audio.chime) return (gone) => audio.chime!(gone);
  if (notify === 'READ' && audio.speak) return (gone) => audio.speak!(text, gone);
  const lacks = notify === 'SOUND' ? 'play a sound' : 'speak';
  throw new AgentError('UNSUPPORTED', `audio: this box cannot ${lacks}; send the message without notify=${notify}`);
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
