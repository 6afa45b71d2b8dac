/** Which calls change something: all that do not read, but for those here. Ministra's API has an entry of its own (`api/ministra/routes.ts`). */

/** Reads like a POST because of its body, and makes nothing. */
const isReading = (path: string) => path.endsWith('/preview');

/** What a viewer's device does about itself, by GET or POST. Where a device signs in, nobody is known before it has. */
const appChanges = new Set([
  ...['login', 'loginbyserial', 'loginbydeviceid', 'loginbyproxy', 'loginbycode', 'logout', 'unregister'].map(appPath),
  ...['device/:device/name', 'device/:device/delete'].map(appPath),
]);

/** What Telecom X has as GET although it acts. */
const actingGets = new Set(['/iptv/device/action', '/iptv/device/:device/action']);

/** What boxes send of themselves, which is in their history. */
const boxCalls = new Set(['/stb/v1/reports', '/stb/v1/artifacts/:action']);

const reading = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether a call of this method at this path, as it is in the router, belongs into the audit. */
export function isAudited(method: string, path: string): boolean {
  if (path.startsWith('/iptv/app/')) return appChanges.has(path);
  if (path.startsWith('/stalker_portal')) return false;
  // Of a GET the router makes a HEAD, which does the same.
  if (reading.has(method)) return method !== 'OPTIONS' && actingGets.has(path);
  return !boxCalls.has(path) && !isReading(path);
}

function appPath(name: string): string {
  return `/iptv/app/${name}`;
}
