import type { FastifyRequest } from 'fastify';
import { readMac } from '../../ministra/identifiers.ts';
import type { Box } from '../../store/boxes.ts';
import type { Store } from '../../store/store.ts';
import { type Form, parseForm } from '../ministra/form.ts';

/** What a box asks `load.php`. */
export type PortalRequest = {
  type: string;
  action: string;
  /** A parameter of the query or of a form; the form wins. Empty for a missing one. */
  param(name: string): string;
  /** As it is stored; undefined where the cookie is missing or has none. */
  mac: string | undefined;
  token: string | undefined;
  /** The browser's word for the box: `Model: MAG254; Link: Ethernet`. */
  model: string;
  ip: string;
  isEmulator: boolean;
  /** The box with the MAC, where the headend has one. */
  box: Box | undefined;
};

export function readPortalRequest(store: Store, request: FastifyRequest): PortalRequest {
  const query = parseForm(request.url.split('?').slice(1).join('?'));
  const body = parseForm(typeof request.body === 'string' ? request.body : '');
  const cookies = parseCookies(request.headers.cookie);
  const mac = readMac(cookies.text('mac'));
  const box = mac === undefined ? undefined : store.boxes.find(mac);
  const param = (name: string) => (body.has(name) ? body : query).text(name);
  return {
    type: param('type'),
    action: param('action'),
    param,
    mac,
    token: /^Bearer +(\S{1,256})$/i.exec(request.headers.authorization ?? '')?.[1],
    model: /Model: *([^;]{1,40})/i.exec(String(request.headers['x-user-agent'] ?? ''))?.[1]?.trim() ?? '',
    ip: request.ip,
    isEmulator: cookies.has('mac_emu'),
    box: box?.type === 'STB' ? box : undefined,
  };
}

function parseCookies(header: string | undefined): Form {
  return parseForm((header ?? '').split(';').join('&'));
}
