import { defineAction, need } from '../action.ts';

export const showMenu = defineAction({
  type: 'SHOW_MENU',
  summary: "Opens the box's menu, as the key MENU does.",
  result: { pressed: 'the key' },
  capabilities: ['keys'],
  group: 'keys',
  idempotent: false,
  deadlineMs: () => 10_000,
  async run(_params, context) {
    await need(context.platform, 'keys').press('MENU', context.signal);
    return { pressed: 'MENU' };
  },
});
