/** The screen on which the code of an enrolment stands: through the running agent, or on the box itself where no agent runs. */
import { mkdirSync } from 'node:fs';
import type { BoxIdentity } from '../platform/contract.ts';
import { openPlatform } from '../platform/index.ts';
import { need } from './action.ts';
import type { Config } from './config.ts';
import { askAgent, holdMessage, isRunning } from './control.ts';
import type { Status } from './introspection.ts';
import { driverSettings } from './settings.ts';

export interface EnrolmentScreen {
  readonly identity: BoxIdentity;
  /** Shows a code in the place of the one before; resolves when it is asked for. Throws UNSUPPORTED on a box without a screen. */
  show(code: string): Promise<void>;
  /** The box is paired: lets a running agent take its token, and says what is left to do where something is. */
  paired(box: string): Promise<string | undefined>;
  /** Takes the code off the screen. */
  close(): Promise<void>;
}

/** How long a message stays that is taken away by hand, in milliseconds. */
const messageMs = 24 * 3_600_000;

export async function openEnrolmentScreen(config: Config, signal: AbortSignal): Promise<EnrolmentScreen> {
  return (await isRunning(config.state_dir)) ? ofAgent(config) : ofPlatform(config, signal);
}

async function ofAgent(config: Config): Promise<EnrolmentScreen> {
  const status = JSON.parse(await askAgent(config.state_dir, '/status')) as Status;
  let release = () => {};
  return {
    identity: status.box,
    async show(code) {
      const before = release;
      release = await holdMessage(config.state_dir, codeHtml(code));
      before();
    },
    async paired(box) {
      process.kill(status.pid, 'SIGHUP');
      if (box === status.box.id) return undefined;
      return `the headend knows this box as ${box}, not as ${status.box.id}: restart the agent`;
    },
    close: async () => release(),
  };
}

async function ofPlatform(config: Config, signal: AbortSignal): Promise<EnrolmentScreen> {
  mkdirSync(config.state_dir, { recursive: true, mode: 0o700 });
  const platform = await openPlatform(config['platform.driver'], driverSettings(config, signal));
  let shown = new AbortController();
  return {
    identity: await platform.identity.read(),
    async show(code) {
      const before = shown;
      shown = new AbortController();
      const gone = AbortSignal.any([shown.signal, signal]);
      const ui = need(platform, 'ui');
      const onScreen = new Promise<void>((resolve, reject) => {
        ui.message({ html: codeHtml(code), durationMs: messageMs, shown: resolve }, gone).catch((error) => {
          if (!gone.aborted) reject(error);
        });
      });
      before.abort();
      await onScreen;
    },
    paired: async () => 'start the agent: stb-agent run',
    async close() {
      shown.abort();
      await platform.close();
    },
  };
}

function codeHtml(code: string): string {
  const letters = [...code.replace(/[^A-Za-z0-9]/g, '')].join(' ');
  return `<p>Pair this box</p><h1>${letters}</h1><p><small>Tell your operator this code. It is good for five minutes.</small></p>`;
}
