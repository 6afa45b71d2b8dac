/** The keys of EMULATEKEYS that Linux has, by the kernel's names for their codes (linux/input-event-codes.h), as evtest(1) prints them. */
export const kernelKeys: readonly (readonly [string, string])[] = [
  ...numbered('NUM', 'KEY_'),
  ...same(
    'MUTE MENU BACK EXIT REFRESH DELETE UP DOWN LEFT RIGHT RED GREEN YELLOW BLUE TV PHONE EPG PLAY INFO KEYBOARD POWER',
  ),
  ['MIC', 'KEY_VOICECOMMAND'],
  ['CLOCK', 'KEY_TIME'],
  ['CHANNEL_PREV', 'KEY_CHANNELDOWN'],
  ['CHANNEL_NEXT', 'KEY_CHANNELUP'],
  ['OK', 'KEY_ENTER'],
  ['PAGE_NEXT', 'KEY_PAGEDOWN'],
  ['PAGE_PREV', 'KEY_PAGEUP'],
  ['NEXT', 'KEY_NEXTSONG'],
  ['PREV', 'KEY_PREVIOUSSONG'],
  ['VOL_UP', 'KEY_VOLUMEUP'],
  ['VOL_DOWN', 'KEY_VOLUMEDOWN'],
  ['SERVICES', 'KEY_SETUP'],
  ['WEB', 'KEY_WWW'],
  ['APP', 'KEY_APPSELECT'],
  ['REW', 'KEY_REWIND'],
  ['FFWD', 'KEY_FASTFORWARD'],
  ['PAUSE', 'KEY_PAUSECD'],
  ['CONTINUE', 'KEY_PLAYPAUSE'],
  ['STOP', 'KEY_STOPCD'],
  ['REC', 'KEY_RECORD'],
  // Another name of KEY_ASPECT_RATIO.
  ['FRAME', 'KEY_SCREEN'],
  ['AUDIO', 'KEY_LANGUAGE'],
];

function numbered(name: string, kernel: string): [string, string][] {
  return Array.from({ length: 10 }, (_, digit) => [`${name}${digit}`, `${kernel}${digit}`]);
}

function same(names: string): [string, string][] {
  return names.split(' ').map((name) => [name, `KEY_${name}`]);
}
