/** Every call of the operators' documents that the headend was made from: built, where, and what tests it; or not, and why not. */

/** `path` as the code has it. `file` and `test` are paths from the root of the project. */
export type Coverage = {
  call: string;
  route: string;
} & ({ file: string; test: string; note?: string } | { notBuilt: string });

export type CoveredDocument = { title: string; about: string; calls: readonly Coverage[] };

const api = (name: string) => `headend/api/${name}.ts`;
const integration = (name: string) => `test/integration/${name}.test.ts`;

/** A call that is built. */
const built = (call: string, route: string, file: string, test: string, note?: string): Coverage => ({
  call,
  route,
  file: api(file),
  test: integration(test),
  ...(note === undefined ? {} : { note }),
});
const app = (call: string, route: string, file: string, note?: string) =>
  built(call, `GET, POST /iptv/app/${route}`, `app/${file}`, 'telecomx-app', note);
const signIn = (call: string, route: string, file: string, note?: string) =>
  built(call, `GET, POST /iptv/app/${route}`, `app/${file}`, 'telecomx-app-sign-in', note);
const absent = (call: string, notBuilt: string): Coverage => ({ call, route: '', notBuilt });

const own = 'the document has no address for it; this one is ours';
const noArchive = 'the headend keeps no recordings of broadcasts; a channel with `catchUp` plays from time';
const noRecorder = 'there is no recorder to schedule, play or delete anything of';
const noProfiles = 'profiles of a DRM account are for apps of viewers; boxes and tablets have none';
const noWatchList = 'a watch list belongs to a profile, and there are none';
const noStreaming = 'other companies’ streaming services are not reached through this headend';

const groupAction = 'telecomx-group-action';
const device = 'telecomx-device';
const rest = (resource: string, methods: string, file: string, test = 'ministra-rest-table'): Coverage =>
  built(resource, `${methods} /stalker_portal/api/v1/${resource.toLowerCase()}`, `ministra/${file}`, test);

export const coverage: readonly CoveredDocument[] = [
  {
    title: 'Telecom X: group action, and the calls around it',
    about: 'The action types and their parameters are in [actions](actions.md).',
    calls: [
      built('Group action', 'GET, POST /iptv/device/action', 'telecomx/group-action', groupAction),
      built('Device action', 'GET, POST /iptv/device/:device/action', 'telecomx/device-action', device),
      built('Delete action', 'DELETE /iptv/device/:device/action/:action', 'telecomx/device-action', device),
      built('Get screenshot', 'GET /iptv/device/:device/screenshot', 'telecomx/screenshot', device),
      built('Device list', 'GET /iptv/device', 'telecomx/devices', device),
      built('Device get', 'GET /iptv/device/:device', 'telecomx/devices', device),
      built('Device create', 'POST /iptv/device', 'telecomx/device-changes', device),
      built('Device update', 'POST /iptv/device/:device', 'telecomx/device-changes', device),
      built('Reset token', 'POST /iptv/device/:device/resettoken', 'telecomx/device-changes', device),
      built('Device log', 'GET /iptv/device/:device/log', 'telecomx/devices', 'telecomx-app', own),
      built('Device groups', 'GET, POST, DELETE /iptv/devicegroup', 'telecomx/groups', 'telecomx-groups', own),
      built(
        'Device group members',
        'POST, DELETE /iptv/devicegroup/:group/device',
        'telecomx/group-members',
        'telecomx-groups',
        own,
      ),
    ],
  },
  {
    title: 'Telecom X: packages, channels and settings',
    about: 'A change that touches a box sends it CHANNELS, and DVB where its tuner needs it.',
    calls: [
      built('Package update', 'POST /iptv/package/:package', 'telecomx/packages', 'telecomx-package'),
      built('Package list', 'GET /iptv/package', 'telecomx/packages', 'telecomx-package'),
      built('Package get', 'GET /iptv/package/:package', 'telecomx/packages', 'telecomx-package'),
      built('Package create', 'POST /iptv/package', 'telecomx/packages', 'telecomx-package'),
      built('Package delete', 'DELETE /iptv/package/:package', 'telecomx/packages', 'telecomx-package'),
      built('Channel list', 'GET /iptv/channel', 'telecomx/channels', 'telecomx-groups'),
      built('Channel get', 'GET /iptv/channel/:channel', 'telecomx/channels', 'telecomx-groups'),
      built('Channel create', 'POST /iptv/channel', 'telecomx/channels', 'telecomx-groups'),
      built('Channel update', 'POST /iptv/channel/:channel', 'telecomx/channels', 'telecomx-package'),
      built('Channel delete', 'DELETE /iptv/channel/:channel', 'telecomx/channels', 'telecomx-package'),
      built(
        'Channel logo',
        'GET, POST /iptv/channel/:channel/logo',
        'telecomx/logos',
        'telecomx-app',
        'takes the bytes as they are, no multipart form, and does not scale',
      ),
      built('Settings get, update', 'GET, POST /iptv/settings/:customer', 'telecomx/settings', 'telecomx-package'),
      built('Settings logo', 'GET, POST /iptv/settings/:customer/logo', 'telecomx/logos', 'telecomx-app'),
    ],
  },
  {
    title: 'Telecom X: DRM accounts',
    about: 'How the passwords are kept: [drm-passwords](decisions/drm-passwords.md).',
    calls: [
      built('DRM list', 'GET /iptv/drm', 'telecomx/drm', 'telecomx-drm'),
      built('DRM get', 'GET /iptv/drm/:account', 'telecomx/drm', 'telecomx-drm'),
      built('DRM create', 'POST /iptv/drm', 'telecomx/drm', 'telecomx-drm'),
      built('DRM delete', 'DELETE /iptv/drm/:account', 'telecomx/drm', 'telecomx-drm'),
    ],
  },
  {
    title: 'Telecom X: App API',
    about: 'Each call is taken by GET and by POST, so that the token can be presented in all four ways on each.',
    calls: [
      signIn('Login', 'login', 'login', own),
      app('Validate', 'validate', 'login'),
      signIn('Logout', 'logout', 'login', own),
      signIn('Un-register', 'unregister', 'login', own),
      signIn('Reserve code', 'reservecode', 'codes'),
      signIn('Login by code', 'loginbycode', 'codes', own),
      app('Login by proxy', 'loginbyproxy', 'login', own),
      signIn('Login by serial', 'loginbyserial', 'login', own),
      signIn('Login by device ID', 'loginbydeviceid', 'login', own),
      app('Branding (logo)', 'branding', 'documents', own),
      app('Branding settings', 'brandingsettings', 'documents', own),
      app('Channel list', 'channel', 'channels'),
      app('Channel play', 'channel/:channel/play', 'playback'),
      app('Channel start over', 'channel/:channel/startover', 'playback'),
      app('Channel play from time', 'channel/:channel/playfromtime', 'playback'),
      app('Channel stop', 'channel/:channel/stop', 'playback'),
      ...['list', 'get', 'play', 'stop'].map((what) => absent(`Archive ${what}`, noArchive)),
      ...['Recordings list', 'Recording get', 'Recording play', 'Recording stop', 'Recording schedule'].map((call) =>
        absent(call, noRecorder),
      ),
      ...['Recording delete', 'Recording favorite', 'Recording update'].map((call) => absent(call, noRecorder)),
      app('Status', 'status/:program', 'reports'),
      app('Device list', 'device', 'devices'),
      app('Device name', 'device/:device/name', 'devices', own),
      signIn('Device delete', 'device/:device/delete', 'devices'),
      app('Account', 'account', 'account'),
      app('Radio channels', 'radiochannel', 'radio', own),
      app('Radio channel logo', 'radiochannel/:channel/logo', 'radio', own),
      app('EPG', 'epg/:program', 'guide'),
      app('EPG now', 'epgnow/:channel', 'guide', own),
      app('Multi EPG', 'multiepg', 'guide'),
      app('Log error events', 'log', 'reports', own),
      app('Get launcher config', 'launcherconfig', 'documents', own),
      built('Heartbeat/Tablet events', 'POST /iptv/app/heartbeat', 'box/heartbeat', 'headend-heartbeat'),
      app('Get tablet profile', 'tabletprofile', 'documents'),
      absent(
        'Programs',
        'a search over programmes and streaming services, for apps of IPTV private; the guide is there by channel and by id',
      ),
      app('App list', 'applist', 'documents', own),
      app('App list update', 'applistupdate', 'documents', own),
      app('App whitelist APK', 'whitelist/:app', 'documents', own),
      ...['List', 'Get', 'Create', 'Update', 'Delete'].map((what) =>
        absent(`DRM account profile: ${what}`, noProfiles),
      ),
      ...['List', 'Create', 'Delete'].map((what) => absent(`Watch list: ${what}`, noWatchList)),
      absent('Streaming services: List', noStreaming),
      absent('Streaming: Featured content', noStreaming),
    ],
  },
  {
    title: 'Ministra: REST API v1',
    about: 'Also under `/stalker_portal/api/`. What each resource does: [ministra](ministra.md).',
    calls: [
      rest('STB', 'GET, PUT, DELETE, POST', 'stb'),
      rest('ACCOUNTS', 'GET, PUT, DELETE, POST', 'accounts'),
      rest('USERS', 'GET, PUT, DELETE, POST', 'users'),
      rest('STB_MSG', 'POST', 'stb-msg'),
      rest('SEND_EVENT', 'POST', 'send-event'),
      rest('STB_MODULES', 'PUT, GET', 'stb-modules'),
      rest('ITV', 'GET', 'itv'),
      rest('ITV_SUBSCRIPTION', 'GET, PUT', 'itv-subscription'),
      rest('TARIFFS', 'GET', 'tariffs'),
      rest('SERVICES_PACKAGE', 'GET', 'services-package'),
      rest('ACCOUNT_SUBSCRIPTION', 'GET, POST, PUT, DELETE', 'account-subscription'),
      rest('RESELLER', 'GET, POST, PUT, DELETE', 'reseller'),
    ],
  },
];
