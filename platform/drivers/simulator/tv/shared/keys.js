/** @import { KeyName } from '../../../../../agent/protocol/keys.ts' */
/** @import { KeyIcon } from './icons.js' */

/**
 * One key of the remote control.
 * @typedef {object} RemoteKey
 * @property {KeyName} key Its name on the wire.
 * @property {string} says Its name in words.
 * @property {string} [label] What is printed on it, where that is no icon.
 * @property {KeyIcon} [icon]
 * @property {readonly string[]} [typed] The computer keys that press it, as `KeyboardEvent.key` has them.
 * @property {boolean} [small]
 * @property {boolean} [repeats] Whether holding it presses it again and again.
 * @property {string} [rocker] The name of the rocker that it is the upper half of.
 */

/** @typedef {{ name: string; layout: string; keys: readonly RemoteKey[] }} KeyGroup */

/**
 * The 55 keys, group by group as they lie on the remote control.
 * @type {readonly KeyGroup[]}
 */
export const keyGroups = [
  {
    name: 'Power',
    layout: 'four',
    keys: [
      { key: 'POWER', says: 'Power', icon: 'power', typed: ['p'] },
      { key: 'TV', label: 'TV', says: 'Television', typed: ['t'] },
      { key: 'MIC', says: 'Microphone', icon: 'mic' },
      { key: 'CLOCK', says: 'Clock', icon: 'clock', typed: ['c'] },
    ],
  },
  {
    name: 'Numbers',
    layout: 'three',
    keys: [
      .../** @type {const} */ ([1, 2, 3, 4, 5, 6, 7, 8, 9]).map(digit),
      { key: 'DELETE', says: 'Delete', icon: 'delete', typed: ['Backspace', 'Delete'] },
      digit(0),
      { key: 'KEYBOARD', says: 'Keyboard', icon: 'keyboard', typed: ['k'] },
    ],
  },
  {
    name: 'Volume, pages and channels',
    layout: 'rockers',
    keys: [
      { key: 'VOL_UP', label: '+', says: 'Volume up', typed: ['+', '='], repeats: true, rocker: 'Vol' },
      { key: 'VOL_DOWN', label: '−', says: 'Volume down', typed: ['-'], repeats: true },
      { key: 'MUTE', says: 'Mute', icon: 'mute', typed: ['q'] },
      { key: 'AUDIO', label: 'AUDIO', says: 'Audio track', typed: ['a'], small: true },
      { key: 'PAGE_NEXT', icon: 'up', says: 'Next page', typed: ['Home'], repeats: true, rocker: 'Page' },
      { key: 'PAGE_PREV', icon: 'down', says: 'Previous page', typed: ['End'], repeats: true },
      { key: 'CHANNEL_NEXT', icon: 'up', says: 'Next channel', typed: ['PageUp'], repeats: true, rocker: 'Ch' },
      { key: 'CHANNEL_PREV', icon: 'down', says: 'Previous channel', typed: ['PageDown'], repeats: true },
    ],
  },
  {
    name: 'Navigation',
    layout: 'ring',
    keys: [
      { key: 'MENU', label: 'MENU', says: 'Menu', typed: ['m'], small: true },
      { key: 'EPG', label: 'GUIDE', says: 'Programme guide', typed: ['e'], small: true },
      { key: 'UP', icon: 'up', says: 'Up', typed: ['ArrowUp'], repeats: true },
      { key: 'LEFT', icon: 'left', says: 'Left', typed: ['ArrowLeft'], repeats: true },
      { key: 'OK', label: 'OK', says: 'OK', typed: ['Enter'] },
      { key: 'RIGHT', icon: 'right', says: 'Right', typed: ['ArrowRight'], repeats: true },
      { key: 'DOWN', icon: 'down', says: 'Down', typed: ['ArrowDown'], repeats: true },
      { key: 'BACK', label: 'BACK', says: 'Back', typed: ['Escape'], small: true },
      { key: 'EXIT', label: 'EXIT', says: 'Exit', typed: ['x'], small: true },
    ],
  },
  {
    name: 'Colours',
    layout: 'four colours',
    keys: [
      { key: 'RED', says: 'Red', typed: ['r'] },
      { key: 'GREEN', says: 'Green', typed: ['g'] },
      { key: 'YELLOW', says: 'Yellow', typed: ['y'] },
      { key: 'BLUE', says: 'Blue', typed: ['b'] },
    ],
  },
  {
    name: 'Playing',
    layout: 'five',
    keys: [
      { key: 'PREV', says: 'Previous', icon: 'previous', typed: ['['] },
      { key: 'REW', says: 'Rewind', icon: 'rewind', typed: [','] },
      { key: 'PLAY', says: 'Play', icon: 'play', typed: ['l'] },
      { key: 'FFWD', says: 'Fast forward', icon: 'forward', typed: ['.'] },
      { key: 'NEXT', says: 'Next', icon: 'next', typed: [']'] },
      { key: 'PAUSE', says: 'Pause', icon: 'pause', typed: [' '] },
      { key: 'CONTINUE', says: 'Continue', icon: 'continue', typed: ['o'] },
      { key: 'STOP', says: 'Stop', icon: 'stop', typed: ['s'] },
      { key: 'REC', says: 'Record', icon: 'record', typed: ['d'] },
      { key: 'INFO', says: 'Information', icon: 'info', typed: ['i'] },
    ],
  },
  {
    name: 'Everything else',
    layout: 'four',
    keys: [
      { key: 'SERVICES', label: 'SERV', says: 'Services', small: true },
      { key: 'APP', label: 'APP', says: 'Apps', small: true },
      { key: 'WEB', label: 'WEB', says: 'Web', typed: ['w'], small: true },
      { key: 'PHONE', label: 'PHONE', says: 'Phone', typed: ['h'], small: true },
      { key: 'FRAME', label: 'FRAME', says: 'Picture format', typed: ['f'], small: true },
      { key: 'REFRESH', label: 'RELOAD', says: 'Refresh', small: true },
      { key: 'NOOP', label: 'NOOP', says: 'No operation: does nothing', small: true },
      { key: 'NULL', label: 'NULL', says: 'Null: does nothing', small: true },
    ],
  },
];

const byTyped = new Map(
  keyGroups.flatMap(({ keys }) => keys).flatMap((key) => (key.typed ?? []).map((typed) => [typed, key])),
);

/**
 * The key that is pressed by typing; none while Ctrl, Alt or Meta is held.
 * @param {KeyboardEvent} event
 */
export function keyTyped({ key, ctrlKey, altKey, metaKey }) {
  if (ctrlKey || altKey || metaKey) return undefined;
  return byTyped.get(key.length === 1 ? key.toLowerCase() : key);
}

/**
 * Its name in words, with what is printed on it where that is something else.
 * @param {RemoteKey} key
 */
export function nameOf({ label = '', says }) {
  return label === '' || says.toLowerCase().split(' ').includes(label.toLowerCase()) ? says : `${says}, ${label}`;
}

/** @type {Record<string, string>} */
const caps = {
  ' ': 'Space',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Backspace: '⌫',
  Delete: 'Del',
  Escape: 'Esc',
  PageUp: 'Page ↑',
  PageDown: 'Page ↓',
};

/**
 * A computer key as people call it.
 * @param {string} typed
 */
export function capName(typed) {
  return caps[typed] ?? (typed.length === 1 ? typed.toUpperCase() : typed);
}

/**
 * @param {0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9} number
 * @returns {RemoteKey}
 */
function digit(number) {
  return { key: `NUM${number}`, label: String(number), says: String(number), typed: [String(number)] };
}
