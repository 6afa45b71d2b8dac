import type { ActionType } from '../../../../agent/protocol/params.ts';
import type { ActionState, Report } from '../types.ts';

const states: Record<ActionState, string> = {
  queued: 'Waiting',
  delivered: 'Sent',
  accepted: 'Accepted',
  started: 'Running',
  done: 'Done',
  failed: 'Failed',
  expired: 'Expired',
  cancelled: 'Cancelled',
  refused: 'Refused',
};

const types: Record<ActionType, { name: string; does: string }> = {
  MESSAGE: { name: 'Message', does: 'Shows a text over the screen.' },
  VIDEO: { name: 'Play video', does: 'Plays a video by its address.' },
  PLAYCHANNEL: { name: 'Play channel', does: 'Switches to a TV channel.' },
  SWITCH_OFF: { name: 'Switch off', does: 'Puts the box into standby.' },
  CHANNELS: { name: 'Update channels', does: 'Fetches the channel list anew.' },
  UI: { name: 'Reload interface', does: 'Loads the user interface anew.' },
  REBOOT: { name: 'Reboot', does: 'Restarts the box. What is playing ends.' },
  DVB: { name: 'Update tuner', does: 'Fetches the tuner configuration anew.' },
  SCREENSHOT: { name: 'Screenshot', does: 'Takes a picture of the screen.' },
  SPEEDTEST: { name: 'Speed test', does: 'Measures the line, down and up.' },
  MANAGEMENT: { name: 'Management tunnel', does: 'Opens a way into the box for a while.' },
  SCRIPT: { name: 'Run script', does: 'Downloads a script and runs it on the box.' },
  JS: { name: 'Run JavaScript', does: 'Runs JavaScript in the user interface.' },
  FIRMWARE: { name: 'Firmware', does: 'Installs firmware and restarts into it.' },
  PLAYRADIOCHANNEL: { name: 'Play radio', does: 'Switches to a radio channel.' },
  UIDEBUG: { name: 'Debug interface', does: 'Connects the user interface to a debugger.' },
  VOLUME: { name: 'Volume', does: 'Sets the volume.' },
  EMULATEKEYS: { name: 'Press keys', does: 'Presses keys of the remote control.' },
};

const typeGroups: { name: string; types: ActionType[] }[] = [
  { name: 'On the screen', types: ['MESSAGE', 'PLAYCHANNEL', 'PLAYRADIOCHANNEL', 'VIDEO', 'SCREENSHOT'] },
  { name: 'Control', types: ['VOLUME', 'EMULATEKEYS', 'UI', 'REBOOT', 'SWITCH_OFF'] },
  { name: 'Upkeep', types: ['CHANNELS', 'DVB', 'SPEEDTEST', 'FIRMWARE'] },
  { name: 'Expert', types: ['MANAGEMENT', 'SCRIPT', 'JS', 'UIDEBUG'] },
];

/** What boxes can be asked for, and how it stands with it. */
export const actionTypeTexts = {
  states,
  stateMeanings: {
    queued: 'Waits for the box',
    delivered: 'On its way to the box',
    accepted: 'On the box, and will run',
    started: 'Runs',
    done: 'Ended well',
    failed: 'Was tried and did not work',
    expired: 'Its time had passed',
    cancelled: 'Was taken back',
    refused: 'The box did not even try',
  } satisfies Record<ActionState, string>,
  reportStates: {
    accepted: 'Accepted',
    started: 'Started',
    progress: 'Progress',
    done: 'Done',
    failed: 'Failed',
    expired: 'Expired',
    cancelled: 'Cancelled',
    refused: 'Refused',
  } satisfies Record<Report['state'], string>,
  types,
  typeGroups,
} as const;
