import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ActionType } from '../../agent/protocol/params.ts';
import type { BoxEventName } from '../../platform/drivers/simulator/index.ts';
import type { AgentProcess } from '../support/agent-process.ts';
import type { AgentsHeadend } from '../support/agents-headend.ts';
import type { Site } from '../support/site.ts';

/** What a case is made with. */
export type Scene = { agent: AgentProcess; headend: AgentsHeadend; site: Site; port: number };

/** One action type in the crash table. */
export type Case = {
  params?(scene: Scene): object;
  /**
   * What becomes of it when the agent dies in its middle. `repeats`: it runs again, for twice is as good as once. `settles`: the box
   * is asked. `interrupts`: nobody can know, so it is never run again and reported as INTERRUPTED.
   */
  recovery: 'repeats' | 'settles' | 'interrupts';
  /** How often its effect happened to the box. Absent where it leaves no trace there. */
  effects?(agent: AgentProcess): number;
};

const keys = ['MENU', 'DOWN', 'EXIT'];
const events = (name: BoxEventName) => (agent: AgentProcess) => agent.events(name).length;

/** The file that SCRIPT appends a line to. */
const markOf = (agent: AgentProcess) => join(agent.stateDir, 'script-ran');

export const cases: Record<ActionType, Case> = {
  MESSAGE: {
    params: () => ({ message: '<b>Lunch</b> is ready.', duration: 1 }),
    recovery: 'interrupts',
    effects: events('message'),
  },
  VIDEO: { params: () => ({ video: 'http://video.example/film.mp4' }), recovery: 'repeats', effects: events('play') },
  PLAYCHANNEL: {
    params: ({ headend }) => ({ channel: channelOf(headend, false) }),
    recovery: 'repeats',
    effects: events('play'),
  },
  SWITCH_OFF: { recovery: 'settles', effects: events('standby') },
  CHANNELS: { recovery: 'repeats' },
  UI: { recovery: 'repeats', effects: events('ui-reload') },
  REBOOT: { recovery: 'settles', effects: events('reboot') },
  DVB: { recovery: 'repeats', effects: events('tuner-configured') },
  SCREENSHOT: { recovery: 'repeats', effects: events('screenshot') },
  SPEEDTEST: { recovery: 'repeats' },
  MANAGEMENT: { params: ({ port }) => ({ port, lifetime: 60 }), recovery: 'interrupts', effects: events('tunnel') },
  SCRIPT: {
    params: ({ agent, site }) => ({ script: site.script(`echo ran >> '${markOf(agent)}'`) }),
    recovery: 'interrupts',
    effects: (agent) => readIfThere(markOf(agent)).split('\n').length - 1,
  },
  JS: { params: () => ({ js: '6 * 7' }), recovery: 'interrupts', effects: events('ui-script') },
  FIRMWARE: { recovery: 'settles', effects: events('install') },
  PLAYRADIOCHANNEL: {
    params: ({ headend }) => ({ radiochannel: channelOf(headend, true) }),
    recovery: 'repeats',
    effects: events('play'),
  },
  UIDEBUG: {
    params: ({ site }) => ({ debugserver: site.host }),
    recovery: 'repeats',
    effects: events('ui-debug'),
  },
  VOLUME: { params: () => ({ volume: 33 }), recovery: 'repeats', effects: events('volume') },
  EMULATEKEYS: {
    params: () => ({ keys, gap: 0 }),
    recovery: 'interrupts',
    effects: (agent) => agent.events('key').length / keys.length,
  },
};

/** What the box of every row is configured with, beside the headend. */
export const rowConfig = { 'speedtest.seconds': 0.5, 'message.seconds': 1 };

/** A channel that every box of the demonstration has and reaches by its base stream. */
function channelOf(headend: AgentsHeadend, radio: boolean): string | undefined {
  return headend.demo.channels.find((channel) => channel.radio === radio)?.id;
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
