import { type ActionContext, defineAction, type Json, need } from '../action.ts';
import { AgentError } from '../errors.ts';
import { limits } from '../protocol/limits.ts';
import { goDown, provenRestart } from '../restart.ts';

export const switchOff = defineAction({
  type: 'SWITCH_OFF',
  summary:
    'Turns the box off: into standby, or without power, as it is configured. Without power it is done when the box is back and the boot id proves that it was off.',
  result: {
    mode: '`standby` or `poweroff`',
    state: 'the state read back; standby only',
    bootIdBefore: "the kernel's boot id before; poweroff only",
    bootIdAfter: 'and after',
  },
  capabilities: ['power'],
  group: 'box',
  idempotent: false,
  mayUseReserve: true,
  deadlineMs: () => limits.goingDownMs + 30_000,
  prepare: async (_params, { platform, settings }) => ({
    mode: settings.switchOff,
    bootId: await platform.identity.bootId(),
  }),
  async run(_params, context) {
    const power = need(context.platform, 'power');
    context.progress({ phase: 'switching off' });
    if (context.settings.switchOff === 'poweroff') {
      await power.powerOff();
      return goDown(context, 'a power-off');
    }
    await power.standby();
    return inStandby(context, 'DEVICE_FAILED', 'the box took standby but is still on; try again');
  },
  async settle(_params, context, intent) {
    if (intent.mode === 'poweroff') return { mode: 'poweroff', ...(await provenRestart(context, intent)) };
    return inStandby(context, 'INTERRUPTED', 'the agent restarted and the box is on; switch it off again');
  },
});

/** The result when the box is in standby, else the error. */
async function inStandby(
  { platform }: ActionContext,
  code: 'DEVICE_FAILED' | 'INTERRUPTED',
  message: string,
): Promise<Json> {
  const state = await need(platform, 'power').state();
  if (state === 'standby') return { mode: 'standby', state };
  throw new AgentError(code, message, { result: { state } });
}
