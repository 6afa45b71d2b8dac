import type { ComponentChildren } from 'preact';
import { ActScreen } from './act/act-screen.tsx';
import { ActionsScreen } from './actions/actions-screen.tsx';
import { AuditScreen } from './audit/audit-screen.tsx';
import { BoxScreen } from './box/box-screen.tsx';
import { ChannelsScreen } from './channels/channels-screen.tsx';
import { FleetScreen } from './fleet/fleet-screen.tsx';
import { GroupsScreen } from './groups/groups-screen.tsx';
import type { IconName } from './icons.tsx';
import { PairScreen } from './pair/pair-screen.tsx';
import { Empty, NotAllowed } from './parts/states.tsx';
import type { Permissions } from './permissions.ts';
import { RolloutsScreen } from './rollouts/rollouts-screen.tsx';
import { texts } from './texts.ts';
import { UsersScreen } from './users/users-screen.tsx';

/** A part of the console that the navigation leads to. `key` with `g` before it goes there. */
export type Section = {
  name: keyof typeof texts.sections;
  path: string;
  icon: IconName;
  key: string;
  /** Who is offered it; everybody by default. */
  offered?: (may: Permissions) => boolean;
  render: (rest: string[]) => ComponentChildren;
};

export const sections: readonly Section[] = [
  { name: 'fleet', path: 'fleet', icon: 'fleet', key: 'f', render: () => <FleetScreen /> },
  {
    name: 'act',
    path: 'act',
    icon: 'act',
    key: 'a',
    offered: (may) => may.types.length > 0,
    render: () => <ActScreen />,
  },
  {
    name: 'actions',
    path: 'actions',
    icon: 'actions',
    key: 'l',
    render: ([id]) => <ActionsScreen id={id} />,
  },
  { name: 'rollouts', path: 'rollouts', icon: 'firmware', key: 'r', render: ([id]) => <RolloutsScreen id={id} /> },
  {
    name: 'pair',
    path: 'pair',
    icon: 'pair',
    key: 'p',
    offered: (may) => may.changes,
    render: () => <PairScreen />,
  },
  { name: 'groups', path: 'groups', icon: 'groups', key: 'o', render: () => <GroupsScreen /> },
  { name: 'channels', path: 'channels', icon: 'channels', key: 'c', render: () => <ChannelsScreen /> },
  {
    name: 'users',
    path: 'users',
    icon: 'users',
    key: 'u',
    offered: (may) => may.administers,
    render: () => <UsersScreen />,
  },
  {
    name: 'audit',
    path: 'audit',
    icon: 'audit',
    key: 'w',
    offered: (may) => may.audits,
    render: () => <AuditScreen />,
  },
];

export type Screen = { key: string; title: string; section: string; render: () => ComponentChildren };

/** The screen of a path; where the viewer may not use it, what says so. */
export function screenOf([first = 'fleet', ...rest]: string[], may: Permissions): Screen {
  const [id] = rest;
  if (first === 'boxes' && id !== undefined) {
    return { key: `boxes/${id}`, title: texts.sections.box, section: 'fleet', render: () => <BoxScreen id={id} /> };
  }
  const section = sections.find(({ path }) => path === first);
  if (section === undefined) {
    return {
      key: 'missing',
      title: texts.missing.title,
      section: '',
      render: () => <Empty isWhole title={texts.missing.title} text={texts.missing.text} />,
    };
  }
  const { name, path, offered, render } = section;
  const isOffered = offered?.(may) ?? true;
  return {
    key: path,
    title: texts.sections[name],
    section: path,
    render: () => (isOffered ? render(rest) : <NotAllowed />),
  };
}
