import type { ActionType } from '../../../../agent/protocol/params.ts';
import type { texts } from '../texts.ts';

/** What a box must be able to do for each type, as `docs/actions.md` lists it. A test holds it against the agent's actions. */
export const needs: Record<ActionType, readonly (keyof typeof texts.abilities.capabilities)[]> = {
  MESSAGE: ['ui'],
  VIDEO: ['player'],
  PLAYCHANNEL: ['player'],
  SWITCH_OFF: ['power'],
  CHANNELS: [],
  UI: ['ui'],
  REBOOT: ['power'],
  DVB: ['tuner'],
  SCREENSHOT: ['display'],
  SPEEDTEST: [],
  MANAGEMENT: ['management'],
  SCRIPT: ['script'],
  JS: ['ui'],
  FIRMWARE: ['firmware', 'power'],
  PLAYRADIOCHANNEL: ['player'],
  UIDEBUG: ['ui'],
  VOLUME: ['audio'],
  EMULATEKEYS: ['keys'],
};
