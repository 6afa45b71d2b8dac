import { type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { type Api, createApi } from './api.ts';
import { type ChannelNames, createChannelNames } from './channel-names.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { createFleetList, type FleetList } from './fleet/fleet.ts';
import { createLive, type Live } from './live.ts';
import { createNotices, type Notices } from './notices.ts';
import { createRouter, type Router } from './router.ts';
import { createSession, type Session } from './session.ts';

/** What every screen works with. */
export type App = {
  api: Api;
  live: Live;
  router: Router;
  session: Session;
  fleet: FleetList;
  channelNames: ChannelNames;
  drafts: Drafts;
  notices: Notices;
  /** The ids of the boxes that are ticked in the fleet. */
  selection: Signal<ReadonlySet<string>>;
  /** The time, once every few seconds, for what says "2 minutes ago". */
  now: ReadonlySignal<number>;
};

const tickMs = 5_000;

export function createApp(): App {
  const api = createApi(() => session.forget());
  // The stream tells no reason: the session may have ended.
  const live = createLive(() => void session.check());
  const fleet = createFleetList(api, live);
  const channelNames = createChannelNames(api);
  const drafts = createDrafts();
  const selection = signal<ReadonlySet<string>>(new Set());
  const session: Session = createSession(api, {
    begun(user) {
      drafts.belongTo(user.id);
      selection.value = (drafts.take('selection') as ReadonlySet<string> | undefined) ?? selection.value;
      live.start();
      void fleet.load();
    },
    ended() {
      live.stop();
      fleet.clear();
      channelNames.clear();
      if (session.hasLapsed.value && selection.value.size > 0) drafts.keep('selection', selection.value);
      selection.value = new Set();
    },
  });
  const now = signal(Date.now());
  setInterval(() => {
    now.value = Date.now();
  }, tickMs);
  return {
    ...{ api, live, router: createRouter(), session, fleet, channelNames, drafts },
    ...{ notices: createNotices(), selection, now },
  };
}

const AppContext = createContext<App | undefined>(undefined);
export const AppProvider = AppContext.Provider;

/** The app that a component is in. */
export function useApp(): App {
  const app = useContext(AppContext);
  if (app === undefined) throw new Error('a component is used outside of the app');
  return app;
}
