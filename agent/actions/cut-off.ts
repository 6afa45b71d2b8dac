import type { Ui } from '../../platform/contract.ts';
import { type ActionContext, defineAction, need } from '../action.ts';
import { AgentError } from '../errors.ts';
import { readMessage } from '../message-html.ts';

/** What a portal's own page says, in our words. */
const standardMessage = '<h2>This box is switched off for now.</h2>Please call your provider.';

export const cutOff = defineAction({
  type: 'CUT_OFF',
  summary:
    'Stops what plays and blocks the screen, over every restart, until CUT_ON. Until then every action that plays something is refused with CUT_OFF.',
  result: { since: 'when it was first cut off, RFC 3339' },
  capabilities: ['ui'],
  group: 'player',
  idempotent: true,
  deadlineMs: () => 30_000,
  async run(params, context) {
    const block = blocker(context);
    const { html } = await readMessage(params.message ?? standardMessage);
    const since = context.cutOff.current()?.since ?? new Date().toISOString();
    // On disk before it is on the screen: whatever happens now, the next start blocks it.
    await context.cutOff.replace({ html, since });
    await context.platform.player?.stop();
    await block(html);
    return { since };
  },
});

export const cutOn = defineAction({
  type: 'CUT_ON',
  summary: 'Takes back CUT_OFF: the screen is free and the box plays again.',
  result: { cutOffSince: 'since when it had been cut off, RFC 3339; null when it was not' },
  capabilities: ['ui'],
  group: 'player',
  idempotent: true,
  deadlineMs: () => 30_000,
  async run(_params, context) {
    const block = blocker(context);
    const cutOffSince = context.cutOff.current()?.since ?? null;
    await block(null);
    await context.cutOff.replace(null);
    return { cutOffSince };
  },
});

function blocker({ platform }: ActionContext): NonNullable<Ui['block']> {
  const { block } = need(platform, 'ui');
  if (block) return block;
  throw new AgentError('UNSUPPORTED', 'ui: the user interface of this box cannot block its screen');
}
