import { defineAction, need } from '../action.ts';

export const reloadUi = defineAction({
  type: 'UI',
  summary: 'Reloads the user interface and waits until it is up again.',
  result: { ms: 'milliseconds until it was up' },
  capabilities: ['ui'],
  group: 'ui',
  idempotent: true,
  deadlineMs: () => 60_000,
  async run(_params, context) {
    const started = performance.now();
    await need(context.platform, 'ui').reload(context.signal);
    return { ms: Math.round(performance.now() - started) };
  },
});
