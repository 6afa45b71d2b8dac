/** What `get_profile` says; pure. */
import { figure, plainWords } from './ministra-answer.ts';
import { ministraLimits } from './ministra-limits.ts';

/** What the agent keeps of a profile. The rest holds the subscriber's passwords and is let go. */
export type PortalProfile = {
  /** `watchdog_timeout`: after so long without a poll the portal shows the box as offline. */
  watchdogSeconds: number;
  /** `timeslot`: this box's place in that span. */
  slotSeconds: number;
  /** `default_timezone`, an IANA name that this machine knows. */
  zone?: string;
  /** `update_url`, where it names a file. */
  updateUrl?: string;
};

/** The figures of a profile, sent as numbers and as strings alike; what is missing or absurd gets its usual value. */
export function readProfile(js: Record<string, unknown>): PortalProfile {
  const { min, max, default: usual } = ministraLimits.watchdogSeconds;
  const asked = figure(js.watchdog_timeout);
  const watchdogSeconds = asked > 0 ? Math.min(max, Math.max(min, asked)) : usual;
  const slot = figure(js.timeslot);
  return {
    watchdogSeconds,
    slotSeconds: slot >= 0 && slot < watchdogSeconds ? slot : 0,
    ...(isZone(js.default_timezone) && { zone: js.default_timezone }),
    ...(isFileUrl(js.update_url) && { updateUrl: js.update_url }),
  };
}

/** 0: let in, 1: refused or switched off, 2: asked to log in. Sent as "0" and 0 alike; what is missing counts as let in. */
export function statusOf(js: Record<string, unknown>): 0 | 1 | 2 {
  const status = figure(js.status);
  return status === 1 || status === 2 ? status : 0;
}

/** Whether the portal knows the box although it refuses it: it still hands out events then. */
export function isKnown(js: Record<string, unknown>): boolean {
  return js.id !== undefined && js.id !== null && js.id !== '';
}

/** Why a box is refused (status 1), and what to do, in words. */
export function refusalOf(js: Record<string, unknown>, mac: string): string {
  const msg = plainWords(js.msg);
  const words = plainWords(js.block_msg) || msg;
  const said = words === '' ? '' : `: ${words}`;
  if (js.portal_disabled) return `the portal is switched off for now${said}`;
  if (isKnown(js))
    return `the operator has switched this box off at the portal (status 1)${said}; it hands out events only`;
  if (/firmware/i.test(msg)) {
    return `the portal takes no firmware as old as this box names${said}; set upstream.ministra.version and image_version to those of a box it takes`;
  }
  if (/conflict/i.test(msg)) {
    return `the portal knows this box by other ids (${msg}); set upstream.ministra.device_id and device_id2 to what they were, or have them reset at the portal`;
  }
  if (words !== '') return `the portal does not let this box in${said}`;
  return `the portal does not take the MAC address ${mac} (status 1); most take only those that begin with 00:1A:79, set another in box.mac`;
}

/** Whether this machine knows a time zone of that name. */
export function isZone(value: unknown): value is string {
  if (typeof value !== 'string' || value === '') return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: value });
    return true;
  } catch {
    return false;
  }
}

/** A directory is where a portal's own boxes look for images of theirs; only a file can be a bundle. */
function isFileUrl(value: unknown): value is string {
  if (typeof value !== 'string') return false;
  const url = URL.parse(value);
  return url !== null && /^https?:$/.test(url.protocol) && !url.pathname.endsWith('/');
}
