/** The keys of a keyboard by the keyCode a browser gives them, for sets that are made of such numbers. */
export type KeyboardKey = { key: string; code: string /** linux/input-event-codes.h */; evdev: number };

/** Rows of a US keyboard from left to right; their evdev codes follow each other from the number given. */
const letterRows: readonly [string, number][] = [
  ['QWERTYUIOP', 16],
  ['ASDFGHJKL', 30],
  ['ZXCVBNM', 44],
];

/** UI Events (W3C), fixed virtual key codes; evdev codes of linux/input-event-codes.h. */
const named: Readonly<Record<number, KeyboardKey>> = {
  8: { key: 'Backspace', code: 'Backspace', evdev: 14 },
  9: { key: 'Tab', code: 'Tab', evdev: 15 },
  13: { key: 'Enter', code: 'Enter', evdev: 28 },
  27: { key: 'Escape', code: 'Escape', evdev: 1 },
  32: { key: ' ', code: 'Space', evdev: 57 },
  33: { key: 'PageUp', code: 'PageUp', evdev: 104 },
  34: { key: 'PageDown', code: 'PageDown', evdev: 109 },
  35: { key: 'End', code: 'End', evdev: 107 },
  36: { key: 'Home', code: 'Home', evdev: 102 },
  37: { key: 'ArrowLeft', code: 'ArrowLeft', evdev: 105 },
  38: { key: 'ArrowUp', code: 'ArrowUp', evdev: 103 },
  39: { key: 'ArrowRight', code: 'ArrowRight', evdev: 106 },
  40: { key: 'ArrowDown', code: 'ArrowDown', evdev: 108 },
  45: { key: 'Insert', code: 'Insert', evdev: 110 },
  46: { key: 'Delete', code: 'Delete', evdev: 111 },
  107: { key: '+', code: 'NumpadAdd', evdev: 78 },
  109: { key: '-', code: 'NumpadSubtract', evdev: 74 },
  192: { key: '`', code: 'Backquote', evdev: 41 },
};

/** The key with a keyCode; undefined for one that keyboards do not have. */
export function keyboard(keyCode: number): KeyboardKey | undefined {
  const letter = String.fromCharCode(keyCode);
  if (/^[0-9]$/.test(letter)) {
    return { key: letter, code: `Digit${letter}`, evdev: letter === '0' ? 11 : Number(letter) + 1 };
  }
  const row = letterRows.find(([letters]) => letters.includes(letter));
  if (row && /^[A-Z]$/.test(letter)) {
    return { key: letter.toLowerCase(), code: `Key${letter}`, evdev: row[1] + row[0].indexOf(letter) };
  }
  if (keyCode >= 112 && keyCode <= 123) {
    const number = keyCode - 111;
    return { key: `F${number}`, code: `F${number}`, evdev: number <= 10 ? 58 + number : 76 + number };
  }
  return named[keyCode];
}
