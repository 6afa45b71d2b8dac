import type { Account } from '../../store/accounts.ts';

/** The modules of a portal's own menu, by the names that operators switch them off with. */
const allModules = [
  'media_browser',
  'tv',
  'vclub',
  'karaoke',
  'radio',
  'audioclub',
  'records',
  'apps',
  'account',
  'internet',
  'game',
  'city_info',
  'settings',
];

/** What a box may show and enter. */
export function modules(account: Account | undefined) {
  const named = (list: readonly string[] = []) => list.filter((name) => name !== '');
  return {
    all_modules: allModules,
    switchable_modules: allModules.filter((name) => name !== 'settings'),
    disabled_modules: named(account?.disabledModules),
    restricted_modules: named(account?.restrictedModules),
    template: 'default',
  };
}

/** Texts for a client that asks for some; it has its own for the rest. */
export const localization = {
  ok: 'OK',
  cancel: 'Cancel',
  yes: 'Yes',
  no: 'No',
  loading: 'Loading…',
  msg_service_off: 'The service is switched off',
  cut_off_msg: 'Your box is switched off. Please call your provider.',
};
