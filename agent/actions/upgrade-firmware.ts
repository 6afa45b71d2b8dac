import { join } from 'node:path';
import { type ActionContext, defineAction, type Json, need } from '../action.ts';
import { download } from '../download.ts';
import { AgentError } from '../errors.ts';
import { endTrial, fellBack, runningNow } from '../firmware-trial.ts';
import { limits } from '../protocol/limits.ts';
import type { Params } from '../protocol/params.ts';
import { goDown } from '../restart.ts';

/**
 * INVARIANTS
 * - Nothing is written before the bundle's signature and compatibility are checked, and never to the running slot.
 * - Done means: the boot id changed, the new slot runs, an upstream was reached from it, and it was confirmed.
 * - A new slot from which no upstream is reached is given up, and the old one says so.
 */
export const upgradeFirmware = defineAction({
  type: 'FIRMWARE',
  summary:
    'Downloads a firmware bundle, checks it, writes it to the slot that is not running and restarts into it. The new firmware stays only if an upstream is reached from it; else the box falls back and reports FELL_BACK.',
  result: {
    from: 'the version that ran before',
    to: 'the version that was installed',
    slot: 'the slot that runs now',
    bootIdBefore: "the kernel's boot id before",
    bootIdAfter: 'and after',
    slots: 'after a fallback: every slot, its version and state',
  },
  capabilities: ['firmware', 'power'],
  group: 'firmware',
  idempotent: false,
  deadlineMs: () => limits.firmwareMs,
  prepare: (_params, context) => runningNow(context),
  async run(params, context) {
    const firmware = need(context.platform, 'firmware');
    const before = await runningNow(context);
    const file = await fetchBundle(bundleUrl(params, context), context);
    const { version } = await firmware.inspect(file, context.signal);

    await context.alone();
    await context.remember({ ...before, installing: version });
    const installed = await firmware.install(file, percentTo(context, 'installing'), context.signal);
    await context.remember({ ...before, installing: version, installed });

    return rebootIntoIt(context);
  },
  async settle(_params, context, intent) {
    const now = await runningNow(context);
    if (now.bootId === intent.bootId) {
      if (intent.installed === undefined && !(await isWritten(intent, context)))
        throw interrupted('the agent restarted');
      await context.alone();
      return rebootIntoIt(context);
    }
    if (now.slot !== intent.slot) return endTrial(context, intent, now);
    if (intent.installed === undefined) throw interrupted('the box restarted');
    throw await fellBack(context, intent, now);
  },
});

/** The operator's URL, the configured one, or the headend's default bundle. */
function bundleUrl(params: Params<'FIRMWARE'>, { settings, headend }: ActionContext): string {
  const url = params.firmware ?? settings.firmware.url;
  if (url !== undefined) return url;
  if (headend.url !== undefined) return `${headend.url}/stb/v1/firmware/default.bundle`;
  throw new AgentError(
    'NOT_CONFIGURED',
    'no bundle to install: name one with `firmware`, or set firmware.url or headend.url in the configuration',
  );
}

async function fetchBundle(url: string, context: ActionContext): Promise<string> {
  const file = join(context.workDir, 'firmware.bundle');
  const percent = percentTo(context, 'downloading');
  percent(0);
  await download(url, file, {
    maxBytes: limits.firmwareBytes,
    signal: context.signal,
    progress: (received, total) => total && percent((received / total) * 100),
  });
  return file;
}

/** The new firmware is written whole: starts it. */
async function rebootIntoIt(context: ActionContext): Promise<never> {
  context.progress({ phase: 'rebooting' });
  await need(context.platform, 'power').reboot();
  return goDown(context, 'the reboot into the new firmware');
}

/** Whether the flash holds the whole new firmware all the same: the agent may die after the last byte and before it notes that. */
async function isWritten({ installing }: Json, context: ActionContext): Promise<boolean> {
  const slots = await need(context.platform, 'firmware').slots();
  return slots.some(({ booted, state, version }) => !booted && state === 'trial' && version === installing);
}

function interrupted(what: string): AgentError {
  return new AgentError('INTERRUPTED', `${what} before the new firmware was written; the old one runs; ask again`);
}

/** Reports whole percents, each once. */
function percentTo(context: ActionContext, phase: string): (percent: number) => void {
  let last = -1;
  return (exact) => {
    const percent = Math.floor(exact);
    if (percent > last) context.progress({ phase, percent });
    last = Math.max(last, percent);
  };
}
