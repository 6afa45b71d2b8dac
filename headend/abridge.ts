import { headendLimits } from './limits.ts';

const { text, fields, listed } = headendLimits.audit;

/** Fields whose value is nobody's to read later. Keys of the remote control may be a PIN, and what a device stands for in a code or serial number signs it in. */
const secret = /pass|token|secret|credential|^(code|keys?|pin|serial|deviceid)$/i;

/**
 * What is to be kept for ever of what somebody said: secrets are left out by their names, and long things said in short.
 * Addresses lose what signs in at them: the user before the host, and the query.
 */
export function abridge(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return abridgeText(value);
  if (Buffer.isBuffer(value)) return `${value.length} bytes`;
  if (Array.isArray(value)) {
    const isShort = value.length <= listed && value.every((item) => typeof item !== 'object');
    return isShort ? value.map((item) => abridge(item, depth + 1)) : `${value.length} items`;
  }
  if (typeof value !== 'object' || value === null) return value;
  if (depth > 1) return '…';
  const given = Object.entries(value).filter(([, item]) => item !== undefined);
  const kept = given.slice(0, fields).map(([name, item]) => {
    return [abridgeText(name), secret.test(name) ? '…' : abridge(item, depth + 1)];
  });
  return Object.fromEntries(given.length > fields ? [...kept, ['…', `${given.length - fields} more`]] : kept);
}

function abridgeText(value: string): string {
  const clean = value.replace(/([a-z][a-z0-9+.-]*:\/\/)[^/?#\s@]*@/gi, '$1…@').replace(/(:\/\/[^\s?]*)\?\S*/g, '$1?…');
  return clean.length > text ? `${clean.slice(0, text)}…` : clean;
}
