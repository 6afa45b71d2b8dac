/** What the portal's actions answer; a text is one of its plain-text errors. */
import { randomBytes } from 'node:crypto';
import type { PortalRequest, PortalState } from './portal.ts';
import { toWire } from './portal-queue.ts';

type Answer = { js: unknown } | string;

/** Open without a token, and open to a box that is switched off or unknown. */
const withoutToken = new Set(['handshake', 'get_profile', 'get_localization', 'do_auth']);
const whileDisabled = new Set([...withoutToken, 'get_events', 'get_modules', 'get_main_info']);

/** The gates in the order of Infomir's server, then the action. */
export function actionsOf(state: PortalState, request: PortalRequest): Answer {
  const { box } = state;
  const { action, token, cookies } = request;
  if (cookies.mac?.toUpperCase() !== box.mac)
    return request.type === 'stb' ? { js: { status: 1 } } : 'Unauthorized request.';
  if (!withoutToken.has(action) && box.token !== undefined && token !== box.token) return 'Authorization failed.';
  if ((box.disabled || !box.known) && !whileDisabled.has(action)) return 'Access denied.';
  const act = Object.hasOwn(actions, `${request.type} ${action}`) ? actions[`${request.type} ${action}`] : undefined;
  return act?.(state, request) ?? { js: false };
}

const actions: Record<string, (state: PortalState, request: PortalRequest) => Answer> = {
  'stb handshake': ({ box }, { params }) => {
    const isCurrent = params.token !== '' && params.token === box.token;
    const token = isCurrent ? params.token : randomBytes(16).toString('hex').toUpperCase();
    const isStale = box.login !== undefined && params.token !== '' && !isCurrent;
    return { js: { token, ...(isStale && { not_valid: 1 }) } };
  },
  'stb get_profile': getProfile,
  'stb do_auth': ({ box }, { params }) => {
    box.authenticated = params.login === box.login?.login && params.password === box.login?.password;
    return { js: box.authenticated };
  },
  'stb log': ({ box }, { params }) => {
    box.log.push(params);
    return { js: 1 };
  },
  'watchdog get_events': getEvents,
  'watchdog confirm_event': ({ box }, { params }) => {
    box.queue.confirm(Number(params.event_active_id));
    return { js: { data: 'ok' } };
  },
  'itv get_all_channels': ({ channels }) => ({ js: { total_items: channels.length, data: channels } }),
  'itv create_link': ({ channels }, { params }) => {
    const channel = channels.find(({ cmd }) => cmd === params.cmd);
    if (channel === undefined) return { js: { cmd: '', error: 'link_fault' } };
    return { js: { id: channel.id, cmd: `ffrt http://127.0.0.1:8001/${channel.id}?once=1`, error: '' } };
  },
  'radio get_channel_by_id': ({ radio }, { params }) => ({
    js: { data: radio.filter(({ number }) => number === params.number) },
  }),
};

/** Whoever asks last holds the MAC address. */
function getProfile({ box }: PortalState, { token, params }: PortalRequest): Answer {
  if (box.refusal) return { js: box.refusal };
  box.token = token;
  box.known = true;
  if (box.login && !(box.authenticated && params.auth_second_step === '1')) {
    return { js: { status: 2, template: 'default', info: '' } };
  }
  return {
    js: {
      id: '7',
      mac: box.mac,
      status: box.disabled ? '1' : '0',
      watchdog_timeout: String(box.watchdogSeconds),
      timeslot: 0.25,
      default_timezone: 'Europe/Kiev',
      parent_password: '0000',
      update_url: 'http://portal.example/images/',
      ...box.profile,
    },
  };
}

function getEvents({ box, isPanel }: PortalState, { params }: PortalRequest): Answer {
  if (!box.known) return { js: { data: { msgs: 1, additional_services_on: 0 } } };
  const { event, msgs } = box.queue.next(Number(params['data[event_active_id]'] ?? 0));
  if (isPanel) {
    if (event === undefined) return '';
    return { js: { data: { msgs: [{ ...toWire(event), id: event.id, need_confirm: event.need_confirm }] } } };
  }
  return { js: { data: { msgs, ...(event && toWire(event)), additional_services_on: '1' } } };
}
