/**
 * A small portal that answers a box as Infomir's server does, and as it and its clones do when they are awkward. It is for what our own headend, which does
 * better, cannot play.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { actionsOf } from './portal-actions.ts';
import { type PortalFault, portalFaults } from './portal-faults.ts';
import { createQueue, type NewEvent, type PortalQueue } from './portal-queue.ts';
import type { After } from './undo.ts';

/** One request as the portal saw it. */
export type PortalRequest = {
  type: string;
  action: string;
  params: Record<string, string>;
  token: string | undefined;
  cookies: Record<string, string>;
};

/** The one box the portal has, and what the operator can turn. */
export type PortalBox = {
  mac: string;
  token: string | undefined;
  /** Switched off by the operator. */
  disabled: boolean;
  known: boolean;
  /** What `get_profile` answers instead of the profile. */
  refusal: Record<string, unknown> | undefined;
  login: { login: string; password: string } | undefined;
  authenticated: boolean;
  watchdogSeconds: number;
  profile: Record<string, unknown>;
  queue: PortalQueue;
  /** What `stb log` was told. */
  log: Record<string, string>[];
};

export type Portal = {
  /** As people configure it. */
  readonly url: string;
  readonly box: PortalBox;
  readonly requests: PortalRequest[];
  /** The requests of one action. */
  asked(action: string): PortalRequest[];
  /** Queues an event; returns its id. */
  send(event: NewEvent): number;
  /** Lets the next `times` answers, to one action or to all, be awkward. */
  fault(name: PortalFault, options?: { on?: string; times?: number }): void;
  heal(): void;
  /** How long each answer takes. */
  slow(ms: number): void;
  /** Answers as the panels do: several rows in `msgs`, numbers, an empty body when there is nothing. */
  panel(): void;
  /** Another device with this MAC address logs in; the box's token is void from now on. */
  takeOver(): void;
  close(): Promise<void>;
};

export type PortalState = {
  box: PortalBox;
  isPanel: boolean;
  channels: Record<string, unknown>[];
  radio: Record<string, unknown>[];
};

export async function startPortal(mac: string, after: After, firstEvent = 1): Promise<Portal> {
  const requests: PortalRequest[] = [];
  const state: PortalState = { box: createBox(mac, firstEvent), isPanel: false, channels: channels(), radio: radio() };
  let faults: { name: PortalFault; on: string | undefined; times: number }[] = [];
  let delayMs = 0;

  function answer(request: PortalRequest, response: ServerResponse): void {
    const fault = faults.find(({ on, times }) => times > 0 && (on === undefined || on === request.action));
    if (fault) {
      fault.times -= 1;
      portalFaults[fault.name](response);
      return;
    }
    const said = actionsOf(state, request);
    if (typeof said === 'string') response.setHeader('content-type', 'text/html').end(said);
    else
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ ...said, text: 'generated in: 0.01s' }));
  }

  const server = createServer((incoming, response) => {
    const request = read(incoming);
    if (!incoming.url?.startsWith('/stalker_portal/server/load.php')) return response.writeHead(404).end();
    requests.push(request);
    return setTimeout(() => answer(request, response), delayMs);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const close = async () => {
    server.closeAllConnections();
    if (server.listening) await new Promise((resolve) => server.close(resolve));
  };
  after(close);

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/stalker_portal/`,
    box: state.box,
    requests,
    asked: (action) => requests.filter((request) => request.action === action),
    send: (event) => state.box.queue.add(event),
    fault: (name, { on, times = Number.POSITIVE_INFINITY } = {}) => void faults.push({ name, on, times }),
    heal() {
      faults = [];
      delayMs = 0;
    },
    slow: (ms) => {
      delayMs = ms;
    },
    panel: () => {
      state.isPanel = true;
    },
    takeOver: () => {
      state.box.token = randomBytes(16).toString('hex').toUpperCase();
    },
    close,
  };
}

function createBox(mac: string, firstEvent: number): PortalBox {
  return {
    mac,
    ...{ token: undefined, disabled: false, known: true, refusal: undefined, login: undefined, authenticated: false },
    watchdogSeconds: 1,
    profile: {},
    queue: createQueue(firstEvent),
    log: [],
  };
}

function channels(): Record<string, unknown>[] {
  const usual = { use_http_tmp_link: 0, use_load_balancing: 0, lock: 0, fav: 0, archive: 0 };
  return [
    { ...usual, id: '1', number: '1', name: 'First', cmd: 'rtp rtp://239.1.1.1:1234' },
    { ...usual, id: '37', number: '10', name: 'Ten', cmd: 'ffrt http://127.0.0.1:8001/ten.m3u8' },
    { ...usual, id: '38', number: '11', name: 'Eleven', cmd: 'ffrt http:///ch/38_', use_http_tmp_link: 1 },
    { ...usual, id: '39', number: '12', name: 'No address', cmd: '' },
  ];
}

function radio(): Record<string, unknown>[] {
  return [{ id: '5', number: '2', name: 'Skyline', cmd: 'http://127.0.0.1:8001/skyline', radio: true }];
}

function read(incoming: IncomingMessage): PortalRequest {
  const url = new URL(incoming.url ?? '/', 'http://portal');
  const { type = '', action = '', ...params } = Object.fromEntries(url.searchParams);
  const cookies = Object.fromEntries(
    (incoming.headers.cookie ?? '').split('; ').map((pair) => {
      const [name = '', value = ''] = pair.split('=');
      return [name, decodeURIComponent(value)];
    }),
  );
  return { type, action, params, token: incoming.headers.authorization?.replace(/^Bearer /, ''), cookies };
}
