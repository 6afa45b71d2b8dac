import { defineAction, need } from '../action.ts';
import { limits } from '../protocol/limits.ts';
import { goDown, provenRestart } from '../restart.ts';

export const reboot = defineAction({
  type: 'REBOOT',
  summary: "Restarts the box. Done only when the kernel's boot id proves it.",
  result: { bootIdBefore: "the kernel's boot id before", bootIdAfter: 'and after' },
  capabilities: ['power'],
  group: 'box',
  idempotent: false,
  mayUseReserve: true,
  deadlineMs: () => limits.goingDownMs + 30_000,
  prepare: async (_params, { platform }) => ({ bootId: await platform.identity.bootId() }),
  async run(_params, context) {
    context.progress({ phase: 'rebooting' });
    await need(context.platform, 'power').reboot();
    return goDown(context, 'a reboot');
  },
  settle: (_params, context, intent) => provenRestart(context, intent),
});
