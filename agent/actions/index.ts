/** The action types: the eighteen of Telecom X, and what the events of a Ministra portal need beside them. */
import type { ActionDefinition } from '../action.ts';
import type { ActionType, PortalActionType } from '../protocol/params.ts';
import { cutOff, cutOn } from './cut-off.ts';
import { debugUi } from './debug-ui.ts';
import { openManagement } from './open-management.ts';
import { playChannel } from './play-channel.ts';
import { playNumber } from './play-number.ts';
import { playRadioChannel } from './play-radio-channel.ts';
import { playRadioNumber } from './play-radio-number.ts';
import { playVideo } from './play-video.ts';
import { pressKeys } from './press-keys.ts';
import { reboot } from './reboot.ts';
import { reloadUi } from './reload-ui.ts';
import { runJs } from './run-js.ts';
import { runScript } from './run-script.ts';
import { setVolume } from './set-volume.ts';
import { showMenu } from './show-menu.ts';
import { showMessage } from './show-message.ts';
import { showMessageUrl } from './show-message-url.ts';
import { showMessageVideo } from './show-message-video.ts';
import { switchOff } from './switch-off.ts';
import { takeScreenshot } from './take-screenshot.ts';
import { testSpeed } from './test-speed.ts';
import { mountStorages, updateEpg, updateModules } from './unsupported.ts';
import { updateChannels } from './update-channels.ts';
import { updateDvb } from './update-dvb.ts';
import { upgradeFirmware } from './upgrade-firmware.ts';

export const actions: { readonly [T in ActionType]: ActionDefinition<T> } = {
  MESSAGE: showMessage,
  VIDEO: playVideo,
  PLAYCHANNEL: playChannel,
  SWITCH_OFF: switchOff,
  CHANNELS: updateChannels,
  UI: reloadUi,
  REBOOT: reboot,
  DVB: updateDvb,
  SCREENSHOT: takeScreenshot,
  SPEEDTEST: testSpeed,
  MANAGEMENT: openManagement,
  SCRIPT: runScript,
  JS: runJs,
  FIRMWARE: upgradeFirmware,
  PLAYRADIOCHANNEL: playRadioChannel,
  UIDEBUG: debugUi,
  VOLUME: setVolume,
  EMULATEKEYS: pressKeys,
};

export const portalActions: { readonly [T in PortalActionType]: ActionDefinition<T> } = {
  PLAYNUMBER: playNumber,
  PLAYRADIONUMBER: playRadioNumber,
  MESSAGE_VIDEO: showMessageVideo,
  MESSAGE_URL: showMessageUrl,
  SHOW_MENU: showMenu,
  CUT_OFF: cutOff,
  CUT_ON: cutOn,
  EPG: updateEpg,
  MODULES: updateModules,
  STORAGES: mountStorages,
};

const all: Record<string, ActionDefinition> = { ...actions, ...portalActions };

/** The definition of a type; undefined where there is none. */
export function definitionOf(type: string): ActionDefinition | undefined {
  return Object.hasOwn(all, type) ? all[type] : undefined;
}
