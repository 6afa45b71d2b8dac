/** A headend with all that the App API tells of: accounts, a guide, logos, documents, devices of two customers. */
import type { DemoBox } from '../../headend/demo/demo.ts';
import { openTestHeadend, type TestHeadend } from './headend.ts';

/** The smallest PNG there is: one grey pixel. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  'base64',
);

export type Device = { id: string; token: string };

export type AppSite = TestHeadend & {
  admin: string;
  /** A phone of the private customer, signed in with its account. */
  phone: Device;
  /** A set-top box of the business customer. */
  box: DemoBox;
  account: { username: string; password: string };
  /** A channel that has a guide and keeps what it broadcast; the programme that is on, and the one after it. */
  channel: string;
  current: string;
  next: string;
  radio: string;
  login(deviceId: string, more?: object): Promise<{ status: number; body: Record<string, string> }>;
};

export async function openAppSite(): Promise<AppSite> {
  const head = await openTestHeadend({ demo_boxes: 4 });
  const { users, customers, channels } = head.demo;
  const admin = users.admin.token;
  const account = { username: 'donald@duck.com', password: 'vgh38gy3uvhebv' };
  const post = async (path: string, body: unknown) => (await head.call(admin, path, { method: 'POST', body })).body;
  const put = (path: string, body: unknown) => head.call(admin, path, { method: 'PUT', body });
  const login = (deviceId: string, more: object = {}) =>
    head.call(undefined, '/iptv/app/login', {
      body: { ...account, deviceId, type: 'IOS', model: 'iPhone 6', ...more },
    });

  await post('/iptv/drm', { customer: customers.private, ...account });
  const channel = channels[0]?.id as string;
  const radio = channels.find((one) => one.radio)?.id as string;
  await post(`/iptv/channel/${channel}`, {
    epgId: 'one.example',
    catchUp: 'http://past.example/one/{start}-{end}.m3u8',
  });
  for (const id of [channel, radio]) await upload(head, admin, `/iptv/channel/${id}/logo`);
  await upload(head, admin, `/iptv/settings/${customers.reseller}/logo`);
  for (const customer of [customers.private, customers.business]) {
    const documents = `/stb/v1/customers/${customer}/documents`;
    await put(`${documents}/branding`, { colour: '#123456' });
    await put(`${documents}/launcher`, { rows: 2 });
    await put(`${documents}/tabletprofile`, { name: 'Lobby', powerButton: true });
    const apks = [
      { version: '1.0', url: 'http://apps.example/chess-1.apk' },
      { version: '2.0', url: 'http://apps.example/chess-2.apk', default: true },
    ];
    const secret = { _id: 'com.example.secret', name: 'Secret', whitelistOnly: true, apks: apks.slice(0, 1) };
    await put(`${documents}/apps`, { apps: [{ _id: 'com.example.chess', name: 'Chess', apks }, secret] });
  }
  await head.call(admin, '/stb/v1/epg', {
    method: 'PUT',
    body: guide(),
    headers: { 'content-type': 'application/xml' },
  });
  const signedIn = await login('phone-of-donald');
  const listed = await head.call(signedIn.body.token, `/iptv/app/channel?channel=${channel}`);
  const [current, next] = listed.body[0].epg.map(({ _id }: { _id: string }) => _id);
  const phone = { id: signedIn.body._id, token: signedIn.body.token };
  return Object.assign(Object.create(head), {
    admin,
    phone,
    box: head.demo.boxes[0] as DemoBox,
    account,
    channel,
    current,
    next,
    radio,
    login,
  });
}

/** Ten programmes of an hour, the second of which is on. */
export function guide(now: number = Date.now()): string {
  const hourMs = 3_600_000;
  const time = (ms: number) => `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(0, 14)} +0000`;
  const programmes = Array.from({ length: 10 }, (_, index) => {
    const start = now - 1.5 * hourMs + index * hourMs;
    return `<programme start="${time(start)}" stop="${time(start + hourMs)}" channel="one.example"><title>Show ${index}</title><desc>About ${index} &amp; more</desc></programme>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?><tv>${programmes.join('')}</tv>`;
}

async function upload(head: TestHeadend, token: string, path: string): Promise<void> {
  const response = await fetch(head.headend.url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'image/png' },
    body: png,
  });
  if (response.status !== 200) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}
