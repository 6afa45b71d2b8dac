/** What a file of tests works with: a virtual box that is put back for every test, and a headend that it can reach. */
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { inject } from 'vitest';
import { isFinal } from '../../../agent/protocol/messages.ts';
import type { ActionType } from '../../../agent/protocol/params.ts';
import type { DemoBox } from '../../../headend/demo/demo.ts';
import { type AgentsHeadend, startAgentsHeadend } from '../../support/agents-headend.ts';
import type { ActionAnswer } from '../../support/headend-api.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import type { After } from '../../support/undo.ts';
import { until } from '../../support/until.ts';
import { type Machine, startMachine } from './machine.ts';
import type { Prepared } from './prepare.ts';
import { copyDisk, installed } from './snapshots.ts';

export type Bench = {
  readonly machine: Machine;
  readonly headend: AgentsHeadend;
  /** Who the box is, as the headend knows it; another one after each `restore`. */
  readonly box: DemoBox;
  /** The box as it was when the agent had been installed, and another identity for it. */
  restore(): Promise<void>;
  /** Writes `agent.toml` and starts the unit; resolves when the headend sees the box. */
  startAgent(options?: AgentSetup): Promise<void>;
  /** Asks for an action; resolves with its id. */
  act(type: ActionType, params?: object): Promise<string>;
  /** Resolves with the action once it is final. */
  ended(id: string): Promise<ActionAnswer>;
  /** Asks for an action and waits for its end. */
  carryOut(type: ActionType, params?: object): Promise<ActionAnswer>;
  /** Resolves when the box has reported this phase of an action. */
  inPhase(id: string, phase: string): Promise<void>;
  /** Resolves when the machine is reset while the action is not final; rejects with how it ended, where it ends before. */
  resetDuring(id: string): Promise<void>;
  /** The kernel's boot id, as the kernel tells it. */
  bootId(): Promise<string>;
};

export type AgentSetup = {
  driver?: 'simulator' | 'linux';
  upstream?: 'websocket' | 'mqtt';
  /** More of agent.toml, by key. */
  config?: Record<string, unknown>;
};

/** How many tests of one file may have a box; each takes one of the headend's. */
const boxes = 40;
/** What a test waits for on a machine that emulates every instruction and shares its cores. */
const patienceMs = 240_000;
/** And for a reset: a firmware is downloaded, checked and written before it. */
const resetMs = 480_000;
const lookMs = 100;

/** The address of this machine as the box sees it: QEMU's user network leads it to 127.0.0.1. */
export const hostFromBox = '10.0.2.2';

/** `url` of a server on 127.0.0.1, as the box reaches it. */
export function fromBox(url: string): string {
  return url.replace('127.0.0.1', hostFromBox);
}

/** Opens the bench for the tests of a file, or of a script that has prepared for it. */
export async function openBench(after: After, prepared: Prepared = inject('prepared')): Promise<Bench> {
  const { accelerator, disk: source } = prepared;
  const disk = join(temporaryDirectory(after), 'disk.qcow2');
  copyDisk(source, disk);
  return benchWith(await startMachine({ disk, accelerator, snapshot: installed, after }), after);
}

/** A bench with a machine that runs, in which the agent is installed. */
export async function benchWith(machine: Machine, after: After): Promise<Bench> {
  const headend = await startAgentsHeadend({ boxes, after });
  const { api } = headend;
  let box = headend.nextBox();

  const ended = (id: string) =>
    until(
      async () => {
        const action = await api.action(id);
        return isFinal(action.state) && action;
      },
      `${id} to end`,
      patienceMs,
      lookMs,
    );
  const act = (type: ActionType, params: object = {}) => api.act(box.id, type, params);

  return {
    machine,
    headend,
    get box() {
      return box;
    },
    async restore() {
      await machine.restore(installed);
      box = headend.nextBox();
    },
    async startAgent(setup = {}) {
      await machine.guest.writeFile('/etc/stb-agent/agent.toml', agentToml(headend, box, setup), '600');
      await machine.guest.read('sync /etc/stb-agent/agent.toml && systemctl start stb-agent');
      await online();
    },
    act,
    ended,
    carryOut: async (type, params) => ended(await act(type, params)),
    async inPhase(id, phase) {
      const reached = async () => (await api.action(id)).reports.some(({ progress }) => progress?.phase === phase);
      await until(reached, `${id} to be ${phase}`, patienceMs, lookMs);
    },
    async resetDuring(id) {
      const before = machine.qmp.events.length;
      const isReset = () => machine.qmp.events.slice(before).some(({ event }) => event === 'RESET');
      const outcome = await until(
        async () => {
          const action = await api.action(id);
          return isReset() || (isFinal(action.state) && action);
        },
        `${id} to reset the box`,
        resetMs,
        lookMs,
      );
      if (outcome !== true) throw new Error(`it ended before the box was reset: ${JSON.stringify(outcome)}`);
    },
    bootId: async () => (await machine.guest.read('cat /proc/sys/kernel/random/boot_id')).trim(),
  };

  async function online(): Promise<void> {
    await until(async () => (await api.box(box.id)).online, `${box.id} to be online`, patienceMs, lookMs);
  }
}

function agentToml(headend: AgentsHeadend, box: DemoBox, setup: AgentSetup): string {
  const { driver = 'linux', upstream = 'websocket', config = {} } = setup;
  const url = upstream === 'mqtt' ? headend.mqttUrl : headend.url.replace('http', 'ws');
  return stringify({
    'box.id': box.id,
    'box.mac': box.mac,
    'platform.driver': driver,
    'headend.url': fromBox(headend.url),
    'headend.token': box.token,
    [`upstream.${upstream}.url`]: fromBox(url),
    ...config,
  }).replaceAll(/^"([\w.]+)" =/gm, '$1 =');
}
