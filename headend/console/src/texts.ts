/** Every English text of the console, here and in `texts/`. A translation is another set of files of the same shape. */
import { actTexts } from './texts/act.ts';
import { actionTypeTexts } from './texts/action-types.ts';
import { auditTexts } from './texts/audit.ts';
import { boxTexts } from './texts/box.ts';
import { fleetTexts } from './texts/fleet.ts';
import { listTexts } from './texts/lists.ts';
import { locale } from './texts/locale.ts';
import { paramTexts } from './texts/params.ts';
import { rolloutTexts } from './texts/rollouts.ts';
import type { Role } from './types.ts';

export const texts = {
  locale,
  product: 'Ops console',
  common: {
    close: 'Close',
    cancel: 'Cancel',
    save: 'Save',
    line: (number: number) => `Line ${number}`,
    copy: 'Copy',
    copied: 'Copied',
    retry: 'Try again',
    loading: 'Loading…',
    optional: 'optional',
    nothing: '–',
    delete: 'Delete',
    deleteAsk: (name: string) => `Delete ${name}?`,
    change: 'Change',
    doing: 'What can be done',
  },
  sections: {
    fleet: 'Fleet',
    box: 'Box',
    act: 'Act',
    actions: 'Actions',
    rollouts: 'Firmware rollout',
    pair: 'Pair a box',
    groups: 'Groups',
    users: 'Users and tokens',
    channels: 'Channels and packages',
    audit: 'Who did what',
  },
  /** The sections as the navigation names them. */
  nav: {
    fleet: 'Fleet',
    box: 'Box',
    act: 'Act',
    actions: 'Actions',
    rollouts: 'Firmware',
    pair: 'Pair a box',
    groups: 'Groups',
    users: 'Users',
    channels: 'Channels',
    audit: 'Who did what',
  },
  roles: {
    VIEWER: 'Viewer',
    MANAGER: 'Manager',
    OWNER: 'Owner',
    RESELLER: 'Reseller',
    ADMIN: 'Administrator',
  } satisfies Record<Role, string>,
  errors: {
    title: 'That did not work',
    unreachable: 'The headend cannot be reached. Is it running, and is the network there?',
    notFound: 'Not found',
    status: (status: number) => `The headend answered ${status}.`,
  },
  list: { more: 'Show more', end: 'This is the first that is kept.' },
  time: { now: 'now', units: { day: 'd', hour: 'h', minute: 'min', second: 's' } },
  plot: { time: 'Time', seconds: 'Seconds', range: (from: string, to: string) => `${from} to ${to}` },
  shell: {
    skip: 'Skip to the content',
    navigation: 'Sections',
    menu: 'Menu',
    help: 'Help',
    signOut: 'Sign out',
    notices: 'Notices',
    live: { connecting: 'Connecting', live: 'Live', lost: 'Not live' },
    lost: 'The connection to the headend is lost. What you see may be old; trying again.',
  },
  missing: { title: 'There is no such page', text: 'The address may have been mistyped, or the page was moved.' },
  notAllowed: {
    title: 'Not for your role',
    text: 'Your role, or what your customer has, does not allow it. An administrator can change that.',
  },
  login: {
    title: 'Sign in',
    token: 'Your token',
    hint: 'The headend prints the administrator’s token at its first start.',
    lapsed: 'Your session has ended. Sign in again to go on.',
    unknown: 'The headend does not know this token. Check that it was copied whole.',
    submit: 'Sign in',
    busy: 'Signing in…',
  },
  help: {
    title: 'Keyboard',
    going: 'Go to',
    groups: [
      {
        name: 'Everywhere',
        keys: [
          ['?', 'This help'],
          ['/', 'Search'],
          ['Esc', 'Leave a field, close a dialog'],
        ],
      },
      {
        name: 'Fleet',
        keys: [
          ['↑ ↓', 'Move'],
          ['Enter', 'Open the box'],
          ['Space', 'Tick the box'],
          ['Ctrl+A', 'Tick all that match'],
        ],
      },
    ] as { name: string; keys: [string, string][] }[],
  },
  audit: auditTexts,
  rollouts: rolloutTexts,
  ...fleetTexts,
  ...boxTexts,
  ...actTexts,
  ...paramTexts,
  ...actionTypeTexts,
  ...listTexts,
} as const;
