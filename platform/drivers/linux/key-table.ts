import type { KeyName } from '../../contract.ts';

/** What a key of the remote control is in each set of codes; a set that has no such key leaves its field out. */
export type KeyCodes = {
  /** linux/input-event-codes.h; the choice among similar keys is ours. */
  linux?: number;
  /** UI Events KeyboardEvent key and code values (W3C). */
  key?: string;
  code?: string;
  /** keyCode as desktop Chromium has it (ui/events/keycodes/dom/dom_code_data.inc). */
  dom?: number;
  /** VK_… of CE-HTML and HbbTV, which are HAVi's HRcEvent numbers. */
  cehtml?: number;
  /** The Stalker and Ministra portal's number: keyCode, + 1000 with shift, + 2000 with alt (c/keydown.keycodes.js). */
  mag?: number;
};

/** Several keys share a MAG number, as they do on Infomir's own remote control: MIC and CLOCK, PHONE and EPG, PLAY and PAUSE, … */
export const keyTable: { readonly [K in KeyName]: KeyCodes } = {
  NOOP: {},
  POWER: { linux: 116, key: 'Power', code: 'Power', dom: 152, cehtml: 409, mag: 2085 },
  MUTE: { linux: 113, key: 'AudioVolumeMute', code: 'AudioVolumeMute', dom: 173, cehtml: 449, mag: 2192 },
  MIC: { linux: 582, key: 'SpeechInputToggle', mag: 2032 },
  CLOCK: { linux: 359, mag: 2032 },
  NUM1: { linux: 2, key: '1', code: 'Digit1', dom: 49, cehtml: 49, mag: 49 },
  NUM2: { linux: 3, key: '2', code: 'Digit2', dom: 50, cehtml: 50, mag: 50 },
  NUM3: { linux: 4, key: '3', code: 'Digit3', dom: 51, cehtml: 51, mag: 51 },
  NUM4: { linux: 5, key: '4', code: 'Digit4', dom: 52, cehtml: 52, mag: 52 },
  NUM5: { linux: 6, key: '5', code: 'Digit5', dom: 53, cehtml: 53, mag: 53 },
  NUM6: { linux: 7, key: '6', code: 'Digit6', dom: 54, cehtml: 54, mag: 54 },
  NUM7: { linux: 8, key: '7', code: 'Digit7', dom: 55, cehtml: 55, mag: 55 },
  NUM8: { linux: 9, key: '8', code: 'Digit8', dom: 56, cehtml: 56, mag: 56 },
  NUM9: { linux: 10, key: '9', code: 'Digit9', dom: 57, cehtml: 57, mag: 57 },
  NUM0: { linux: 11, key: '0', code: 'Digit0', dom: 48, cehtml: 48, mag: 48 },
  MENU: { linux: 139, key: 'ContextMenu', code: 'ContextMenu', dom: 93, cehtml: 462, mag: 122 },
  BACK: { linux: 158, key: 'BrowserBack', code: 'BrowserBack', dom: 166, cehtml: 461, mag: 8 },
  CHANNEL_PREV: { linux: 403, key: 'ChannelDown', cehtml: 428, mag: 1009 },
  CHANNEL_NEXT: { linux: 402, key: 'ChannelUp', cehtml: 427, mag: 9 },
  EXIT: { linux: 174, key: 'Escape', code: 'Escape', dom: 27, mag: 27 },
  REFRESH: { linux: 173, key: 'BrowserRefresh', code: 'BrowserRefresh', dom: 168, mag: 116 },
  DELETE: { linux: 111, key: 'Delete', code: 'Delete', dom: 46, mag: 116 },
  UP: { linux: 103, key: 'ArrowUp', code: 'ArrowUp', dom: 38, cehtml: 38, mag: 38 },
  DOWN: { linux: 108, key: 'ArrowDown', code: 'ArrowDown', dom: 40, cehtml: 40, mag: 40 },
  LEFT: { linux: 105, key: 'ArrowLeft', code: 'ArrowLeft', dom: 37, cehtml: 37, mag: 37 },
  RIGHT: { linux: 106, key: 'ArrowRight', code: 'ArrowRight', dom: 39, cehtml: 39, mag: 39 },
  OK: { linux: 28, key: 'Enter', code: 'Enter', dom: 13, cehtml: 13, mag: 13 },
  PAGE_NEXT: { linux: 109, key: 'PageDown', code: 'PageDown', dom: 34, cehtml: 34, mag: 34 },
  PAGE_PREV: { linux: 104, key: 'PageUp', code: 'PageUp', dom: 33, cehtml: 33, mag: 33 },
  NEXT: { linux: 163, key: 'MediaTrackNext', code: 'MediaTrackNext', dom: 176, cehtml: 425, mag: 34 },
  PREV: { linux: 165, key: 'MediaTrackPrevious', code: 'MediaTrackPrevious', dom: 177, cehtml: 424, mag: 33 },
  VOL_UP: { linux: 115, key: 'AudioVolumeUp', code: 'AudioVolumeUp', dom: 175, cehtml: 447, mag: 107 },
  VOL_DOWN: { linux: 114, key: 'AudioVolumeDown', code: 'AudioVolumeDown', dom: 174, cehtml: 448, mag: 109 },
  RED: { linux: 398, key: 'ColorF0Red', cehtml: 403, mag: 112 },
  GREEN: { linux: 399, key: 'ColorF1Green', cehtml: 404, mag: 113 },
  YELLOW: { linux: 400, key: 'ColorF2Yellow', cehtml: 405, mag: 114 },
  BLUE: { linux: 401, key: 'ColorF3Blue', cehtml: 406, mag: 115 },
  SERVICES: { linux: 141, key: 'Settings', mag: 120 },
  TV: { linux: 377, key: 'TV', mag: 121 },
  PHONE: { linux: 169, key: 'LaunchPhone', mag: 119 },
  EPG: { linux: 365, key: 'Guide', cehtml: 458, mag: 119 },
  WEB: { linux: 150, key: 'LaunchWebBrowser', mag: 123 },
  APP: { linux: 580, key: 'AppSwitch', code: 'SelectTask', mag: 123 },
  REW: { linux: 168, key: 'MediaRewind', code: 'MediaRewind', dom: 227, cehtml: 412, mag: 2066 },
  FFWD: { linux: 208, key: 'MediaFastForward', code: 'MediaFastForward', dom: 228, cehtml: 417, mag: 2070 },
  PLAY: { linux: 207, key: 'MediaPlay', code: 'MediaPlay', cehtml: 415, mag: 2082 },
  PAUSE: { linux: 201, key: 'MediaPause', code: 'MediaPause', cehtml: 19, mag: 2082 },
  CONTINUE: { linux: 164, key: 'MediaPlayPause', code: 'MediaPlayPause', dom: 179, cehtml: 402, mag: 2082 },
  STOP: { linux: 166, key: 'MediaStop', code: 'MediaStop', dom: 178, cehtml: 413, mag: 2083 },
  REC: { linux: 167, key: 'MediaRecord', code: 'MediaRecord', cehtml: 416, mag: 2087 },
  INFO: { linux: 358, key: 'Info', cehtml: 457, mag: 2089 },
  FRAME: { linux: 375, key: 'ScreenModeNext', cehtml: 445, mag: 117 },
  AUDIO: { linux: 368, key: 'MediaAudioTrack', mag: 2071 },
  NULL: { mag: 2076 },
  KEYBOARD: { linux: 374, mag: 2076 },
};
