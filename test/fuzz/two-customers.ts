/** Two customers of one headend, each with users, devices and everything else that a customer has, and what may be said of neither to the other. */
import Database from 'better-sqlite3';
import type { AppSite } from '../support/app-site.ts';
import { until } from '../support/until.ts';

/** One customer, with whoever calls for it. */
export type Tenant = {
  customer: string;
  /** Tokens by who holds them. */
  callers: Record<string, string>;
  /** What its requests may name, by the name of the field it may stand in. */
  known: Record<string, string[]>;
  /** Ids, names, addresses and secrets that stand for it and for nobody else. */
  marks: string[];
};

let made = 0;

/** Makes a customer with a reseller of its own above it. Everything it has is named by a number that nothing else has. */
export async function makeTenant(site: AppSite, observer: Observer, features: string[]): Promise<Tenant> {
  const mark = `tenant${String(++made).padStart(5, '0')}`;
  const post = async (path: string, body: unknown, token = site.admin) => {
    const answer = await site.call(token, path, { method: 'POST', body });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const reseller = (
    await post('/stb/v1/customers', { name: `${mark} reseller`, features: ['IPTVBUSINESS', 'IPTVPRIVATE'] })
  ).id;
  const customer = (await post('/stb/v1/customers', { name: `${mark} customer`, features, parent: reseller })).id;
  const user = (role: string) =>
    post('/stb/v1/users', { name: `${mark} ${role}`, role, customer: role === 'RESELLER' ? reseller : customer });
  const users = [await user('VIEWER'), await user('MANAGER'), await user('OWNER'), await user('RESELLER')];

  const channel = (
    await post('/iptv/channel', {
      number: 700,
      name: `${mark} channel`,
      customer,
      baseChannel: `http://${mark}.example/a.m3u8`,
    })
  )._id;
  const radio = (
    await post('/iptv/channel', {
      number: 701,
      name: `${mark} radio`,
      customer,
      radio: true,
      baseChannel: `http://${mark}.example/r`,
    })
  )._id;
  const channels = [{ _id: channel, type: 'BASE' }];
  const sold = (await post('/iptv/package', { name: `${mark} package`, customer, channels }))._id;
  const group = (await post('/iptv/devicegroup', { name: `${mark} group`, customer }))._id;
  const mac = `02${mark.slice(-5)}00000`.slice(0, 12);
  const box = await post('/iptv/device', {
    customer,
    mac,
    name: `${mark} box`,
    groups: [group],
    packages: [sold],
    notes: `${mark} notes`,
  });
  const account = await post('/iptv/drm', { customer, username: `${mark}@example`, password: `${mark} password` });
  const signIn = async (deviceId: string) =>
    (
      await site.login(deviceId, {
        username: account.username,
        password: account.password,
        type: 'IOS',
        model: `${mark} model`,
      })
    ).body;
  const [phone, tablet] = [await signIn(`${mark}-phone`), await signIn(`${mark}-tablet`)];
  await post(`/iptv/settings/${customer}`, { customFields: { secret: `${mark} settings` } });
  await site.call(site.admin, `/stb/v1/customers/${customer}/documents/launcher`, {
    method: 'PUT',
    body: { secret: `${mark} launcher` },
  });
  await site.call(phone.token, '/iptv/app/log', { body: { event: `${mark} event` } });
  const later = new Date(Date.now() + 3_600_000).toISOString();
  const action = (
    await post('/stb/v1/actions', { boxes: [box._id], type: 'VOLUME', params: { volume: 7 }, when: later })
  ).actions[0].id;
  const image = { name: `${mark} rollout`, firmware: `http://${mark}.example/1.bundle` };
  const rollout = (await post('/stb/v1/rollouts', { ...image, boxes: [box._id], waves: [100], gate: 100 })).id;
  await until(() => observer.isSettled(box._id), 'the box to have been told of its line-up, and asked');

  const devices = [box._id, phone._id as string, tablet._id as string];
  const macs = [(await site.call(site.admin, `/iptv/device/${box._id}`)).body.mac as string];
  return {
    customer,
    callers: {
      ...Object.fromEntries(users.map(({ role, token }) => [role, token])),
      box: box.token,
      phone: phone.token as string,
      tablet: tablet.token as string,
    },
    known: {
      id: [...devices, customer, action, rollout, ...users.map((one) => one.id), ...macs],
      device: [...devices, ...macs],
      devices,
      box: [box._id],
      boxes: [box._id, ...macs],
      group: [group],
      groups: [group],
      package: [sold],
      packages: [sold],
      _id: [channel, sold, box._id],
      channel: [channel, radio],
      radiochannel: [radio],
      customer: [customer],
      reseller: [reseller, customer],
      parent: [reseller, customer],
      action: [action],
      account: [account.username],
      username: [account.username],
      deviceId: [`${mark}-phone`, `${mark}-tablet`],
      mac: macs,
      program: [channel],
      q: [mark],
      filter: [mark],
    },
    marks: [
      mark,
      ...devices,
      ...macs,
      customer,
      reseller,
      ...users.flatMap(({ id, token }) => [id, token]),
      ...[channel, radio, sold, group, action, rollout, box.token, phone.token as string, tablet.token as string],
    ],
  };
}

/** Reads what the store of a headend holds, beside the headend. */
export type Observer = {
  /** Everything of one customer, as one text. */
  stateOf(customer: string): string;
  /** Whether a box has been told of its line-up, and asked for what it is to do. */
  isSettled(box: string): boolean;
  close(): void;
};

export function observe(dataDir: string): Observer {
  const db = new Database(`${dataDir}/headend.db`, { readonly: true });
  const boxes = 'SELECT id FROM boxes WHERE customer = @customer';
  const conditions: Record<string, string> = {
    customers: 'id = @customer',
    ...Object.fromEntries(ownedByCustomer.map((table) => [table, 'customer = @customer'])),
    ...Object.fromEntries(ownedByBox.map((table) => [table, `box IN (${boxes})`])),
    package_channels: 'package IN (SELECT id FROM packages WHERE customer = @customer)',
    rollouts: 'EXISTS (SELECT 1 FROM json_each(customers) WHERE value = @customer)',
    pictures: 'owner IN (SELECT id FROM channels WHERE customer = @customer) OR owner = @customer',
    tokens: `box IN (${boxes}) OR user IN (SELECT id FROM users WHERE customer = @customer)`,
  };
  const queries = Object.entries(conditions).map(([table, where]) =>
    db.prepare<[object], unknown>(`SELECT * FROM ${table} WHERE ${where}`),
  );
  const due = db.prepare<[object], unknown>(
    `SELECT 1 FROM lineup_told WHERE box = @box AND (channels_due = 1 OR dvb_due = 1)
       UNION ALL SELECT 1 FROM rollout_boxes WHERE box = @box AND state = 'waiting'`,
  );
  return {
    stateOf: (customer) => JSON.stringify(queries.map((query) => query.all({ customer }))),
    isSettled: (box) => due.get({ box }) === undefined,
    close: () => void db.close(),
  };
}

const ownedByCustomer = ['users', 'boxes', 'groups', 'channels', 'packages', 'drm_accounts', 'customer_documents'];
const ownedByBox = [
  ...['actions', 'box_packages', 'group_boxes', 'app_devices', 'playback', 'app_events'],
  ...['reports', 'artifacts', 'telemetry', 'lineup_told', 'rollout_boxes'],
];
