import type { TestHeadend } from './headend.ts';

/** An event as `get_events` answers it; without an id there is none. */
export type WireEvent = {
  msgs: number;
  id?: string;
  event?: string;
  need_confirm?: string;
  msg?: string;
  reboot_after_ok?: string;
  auto_hide_timeout?: string;
  param1?: string;
  additional_services_on: string;
};

// biome-ignore lint/suspicious/noExplicitAny: a test looks into answers whose shape it asserts.
type Js = any;

/** A small Stalker client in the place of a box: it asks as the portal's own page does, and acts on nothing. */
export type StalkerClient = {
  token: string | undefined;
  /** `js` of the answer, or the text of a protocol error. */
  ask(type: string, action: string, params?: Record<string, string>): Promise<Js>;
  /** The whole answer. */
  load(query: string, init?: RequestInit): Promise<Response>;
  /** Handshake and profile; resolves with the profile. */
  start(params?: Record<string, string>): Promise<Js>;
  /** One poll. */
  poll(params?: Record<string, string>): Promise<WireEvent>;
  /** Polls until nothing is handed out that was not before; the events in their order. */
  drain(): Promise<WireEvent[]>;
  confirm(id: string | undefined): Promise<Js>;
};

export function openStalkerClient(head: TestHeadend, mac: string): StalkerClient {
  const client: StalkerClient = {
    token: undefined,
    load(query, init = {}) {
      const cookie = `mac=${encodeURIComponent(mac)}; stb_lang=en; timezone=${encodeURIComponent('Europe/Kiev')}`;
      const bearer = client.token === undefined ? {} : { authorization: `Bearer ${client.token}` };
      return fetch(`${head.headend.url}/stalker_portal/server/load.php?${query}`, {
        ...init,
        headers: { cookie, 'x-user-agent': 'Model: MAG254; Link: Ethernet', ...bearer, ...init.headers },
      });
    },
    async ask(type, action, params = {}) {
      const query = new URLSearchParams({ type, action, ...params, JsHttpRequest: '1-xml' });
      const text = await (await client.load(query.toString())).text();
      return text.startsWith('{') ? JSON.parse(text).js : text;
    },
    async start(params = {}) {
      client.token = (await client.ask('stb', 'handshake', { token: client.token ?? '' })).token;
      return client.ask('stb', 'get_profile', { stb_type: 'MAG254', sn: '0123', image_version: '218', ...params });
    },
    async poll(params = {}) {
      const asked = { cur_play_type: '1', event_active_id: '0', init: '0', ...params };
      return (await client.ask('watchdog', 'get_events', asked)).data;
    },
    async drain() {
      const events: WireEvent[] = [];
      for (let next = await client.poll(); next.id !== undefined; next = await client.poll()) {
        if (events.some(({ id }) => id === next.id)) break;
        events.push(next);
      }
      return events;
    },
    confirm: (id = '') => client.ask('watchdog', 'confirm_event', { event_active_id: id }),
  };
  return client;
}
