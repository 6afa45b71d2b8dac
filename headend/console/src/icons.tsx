import { keyIcons } from '../../../platform/drivers/simulator/tv/shared/icons.js';

/** The remote control's, and more like them. */
const icons = {
  ...keyIcons,
  fleet: { path: 'M3 5h18v5H3z M3 14h18v5H3z M7 7.5h.01 M7 16.5h.01' },
  act: { path: 'M4 12h13 M12 6l6 6-6 6' },
  actions: { path: 'M4 6h2 M4 12h2 M4 18h2 M10 6h10 M10 12h10 M10 18h10' },
  firmware: { path: 'M12 3v11 M7 10l5 5 5-5 M4 20h16' },
  pair: { path: 'M9 15l6-6 M8 11l-3 3a4 4 0 0 0 5.6 5.6l3-3 M16 13l3-3a4 4 0 0 0-5.6-5.6l-3 3' },
  groups: { path: 'M4 4h7v7H4z M13 4h7v7h-7z M4 13h7v7H4z M13 13h7v7h-7z' },
  users: { path: 'M12 4a4 4 0 1 0 .01 0z M4 21a8 8 0 0 1 16 0' },
  channels: { path: 'M3 8h18v12H3z M8 3l4 5 4-5' },
  audit: { path: 'M6 3h9l4 4v14H6z M9 12h7 M9 16h7 M9 8h3' },
  search: { path: 'M10.5 4a6.5 6.5 0 1 0 .01 0z M15.5 15.5L21 21' },
  menu: { path: 'M4 6h16 M4 12h16 M4 18h16' },
  close: { path: 'M6 6l12 12 M18 6L6 18' },
  help: { path: 'M12 3.5a8.5 8.5 0 1 0 .01 0z M9.5 9.5a2.5 2.5 0 1 1 3.4 2.3c-.6.3-.9.7-.9 1.7 M12 17h.01' },
  leave: { path: 'M10 4H5v16h5 M14 8l4 4-4 4 M8 12h10' },
  camera: { path: 'M4 8h4l2-3h4l2 3h4v11H4z M12 10a3.5 3.5 0 1 0 .01 0z' },
  follow: { path: 'M4 12a8 8 0 0 1 14-5 M18 3v4h-4 M20 12a8 8 0 0 1-14 5 M6 21v-4h4' },
  warning: { path: 'M12 4L2.5 20h19z M12 10v4 M12 17h.01' },
  tick: { path: 'M5 12.5l4.5 4.5L19 7.5' },
  cross: { path: 'M7 7l10 10 M17 7L7 17' },
  skip: { path: 'M5 12h14' },
  wait: keyIcons.clock,
  volume: { path: 'M4 9.5h3L11 6v12l-4-3.5H4z M15 9a4 4 0 0 1 0 6 M17.5 6.5a8 8 0 0 1 0 11' },
};

export type IconName = keyof typeof icons;

/** An icon, for the eye only. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" class={'filled' in icons[name] ? 'icon filled' : 'icon'}>
      <path d={icons[name].path} />
    </svg>
  );
}
