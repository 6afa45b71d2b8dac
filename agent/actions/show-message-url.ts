import { defineAction, need } from '../action.ts';
import { AgentError } from '../errors.ts';
import { displayMessage, follow } from '../message-display.ts';

export const showMessageUrl = defineAction({
  type: 'MESSAGE_URL',
  summary: 'Shows a message, and when it has left the screen a web page.',
  result: {
    ended: '`dismissed` by the viewer, or `timeout`',
    shownSeconds: 'how long the message was on the screen',
    opened: 'the address of the page on the screen',
  },
  capabilities: ['ui'],
  group: null,
  idempotent: false,
  deadlineMs: (params, settings) => (params.duration ?? settings.messageSeconds) * 1000 + 45_000,
  async run(params, context) {
    const { open } = need(context.platform, 'ui');
    const displayed = await displayMessage(params.message, params.duration ?? context.settings.messageSeconds, context);
    context.progress({ phase: 'opening' });
    await follow(displayed, async () => {
      if (open) return open(params.url, context.signal);
      throw new AgentError('UNSUPPORTED', `ui: this box has no browser to open ${params.url} in`);
    });
    return { ...displayed, opened: params.url };
  },
});
