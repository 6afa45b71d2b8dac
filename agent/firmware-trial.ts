/** The trial of a new firmware, at the start after its installation. */
import { type ActionContext, type Json, need } from './action.ts';
import { AgentError } from './errors.ts';
import { goDown } from './restart.ts';

export type Running = { bootId: string; slot: string; version: string | null };

/** What runs at this start of the box. */
export async function runningNow({ platform }: ActionContext): Promise<Running> {
  const bootId = await platform.identity.bootId();
  const slots = await need(platform, 'firmware').slots();
  const running = slots.find(({ booted }) => booted);
  if (running) return { bootId, slot: running.name, version: running.version };
  throw new AgentError('DEVICE_FAILED', `none of the slots ${slots.map(({ name }) => name)} is the running one`);
}

/** The new slot runs: keeps it when an upstream is reached in time, else gives it up and restarts into the old one. */
export async function endTrial(context: ActionContext, intent: Json, now: Running): Promise<Json> {
  const firmware = need(context.platform, 'firmware');
  if (intent.rolledBackAt === undefined && (await isReached(context))) {
    await firmware.confirm();
    const { slot, version: to, bootId: bootIdAfter } = now;
    return { from: intent.version, to, slot, bootIdBefore: intent.bootId, bootIdAfter };
  }
  if (intent.rolledBackAt !== undefined && intent.rolledBackAt !== now.bootId) {
    throw new AgentError(
      'DEVICE_FAILED',
      `slot ${now.slot} was given up, but the box started it again; look at its boot loader`,
    );
  }
  const installed = { slot: now.slot, version: now.version };
  await context.remember({ ...intent, installed, rolledBackAt: now.bootId });
  context.progress({ phase: 'rolling back' });
  await firmware.rollBack();
  await need(context.platform, 'power').reboot();
  return goDown(context, 'the reboot into the old firmware');
}

function isReached(context: ActionContext): Promise<boolean> {
  return Promise.race([
    context.reached().then(() => true),
    context.sleep(context.settings.firmware.confirmSeconds * 1000).then(() => false),
  ]);
}

/** The error after a fallback, with the slots as they are now. */
export async function fellBack(context: ActionContext, intent: Json, now: Running): Promise<AgentError> {
  const { slot, version } = intent.installed as { slot: string; version: string };
  const slots = await need(context.platform, 'firmware').slots();
  const why =
    intent.rolledBackAt === undefined
      ? 'did not start'
      : `reached no upstream within ${context.settings.firmware.confirmSeconds} s`;
  return new AgentError(
    'FELL_BACK',
    `version ${version} in slot ${slot} ${why}; slot ${now.slot} runs again; check the bundle`,
    {
      result: {
        from: intent.version,
        to: version,
        slot: now.slot,
        bootIdBefore: intent.bootId,
        bootIdAfter: now.bootId,
        slots,
      },
    },
  );
}
