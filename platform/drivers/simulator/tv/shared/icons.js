/** What is on the remote control's keys: paths in a square of 24, with lines of 2; `filled` ones are shapes. */
export const keyIcons = {
  power: { path: 'M12 3v9 M6.6 6.6a8 8 0 1 0 10.8 0' },
  mic: { path: 'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z M6 11a6 6 0 0 0 12 0 M12 17v4' },
  clock: { path: 'M12 3.5a8.5 8.5 0 1 0 .01 0z M12 7.5V12l3 2.2' },
  delete: { path: 'M9 6h11v12H9l-5-6z M12 10l4 4 M16 10l-4 4' },
  keyboard: { path: 'M3 7h18v10H3z M7 11h.01 M11 11h.01 M15 11h.01 M8 14.2h8' },
  mute: { path: 'M4 9.5h3L11 6v12l-4-3.5H4z M15 10l5 5 M20 10l-5 5' },
  up: { path: 'M6 15l6-6 6 6' },
  down: { path: 'M6 9l6 6 6-6' },
  left: { path: 'M15 6l-6 6 6 6' },
  right: { path: 'M9 6l6 6-6 6' },
  previous: { path: 'M19 6v12l-9-6z M6 6h2.5v12H6z', filled: true },
  rewind: { path: 'M12 6v12l-8-6z M21 6v12l-8-6z', filled: true },
  play: { path: 'M7 5v14l12-7z', filled: true },
  forward: { path: 'M3 6v12l8-6z M12 6v12l8-6z', filled: true },
  next: { path: 'M5 6v12l9-6z M15.5 6H18v12h-2.5z', filled: true },
  pause: { path: 'M6.5 5.5h4v13h-4z M13.5 5.5h4v13h-4z', filled: true },
  continue: { path: 'M4 5.5h3v13H4z M10 5v14l11-7z', filled: true },
  stop: { path: 'M6.5 6.5h11v11h-11z', filled: true },
  record: { path: 'M12 6a6 6 0 1 0 .01 0z', filled: true },
  info: { path: 'M12 3.5a8.5 8.5 0 1 0 .01 0z M12 11v5 M12 8h.01' },
};

/** @typedef {keyof typeof keyIcons} KeyIcon */
