/** What the texts of the configuration look like, where not every text can be meant. */
import { isIPv6 } from 'node:net';
import { keyNames } from './protocol/keys.ts';
import { isUrl } from './protocol/params.ts';

/** Anything that has no line breaks and no other control characters. */
export function isLine(text: string): boolean {
  return /^\P{Cc}*$/u.test(text);
}

/** The path of a directory in which a socket, `agent.sock`, finds room: its whole path has 107 bytes at most (unix(7)). */
export function isStateDirectory(text: string): boolean {
  return text !== '' && isLine(text) && Buffer.byteLength(text) <= 96;
}

/** What an HTTP header may hold: visible ASCII, and spaces within. */
export function isHeaderValue(text: string): boolean {
  return /^[!-~]+( +[!-~]+)*$/.test(text);
}

/** What stands after `Bearer`, or another word in a line of words. */
export function isToken(text: string): boolean {
  return /^[!-~]+$/.test(text);
}

/** A URL as it is written, with one of the schemes; there are keys of their own for credentials. */
export function isAddress(text: string, schemes: readonly string[]): boolean {
  return /^[a-z]+:\/\/\S+$/.test(text) && isUrl(text, schemes);
}

/** The name or address of a host, without a port. */
export function isHost(text: string): boolean {
  return isIPv6(text) || /^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,252})$/.test(text);
}

/** The name of a user at another host, which no program may take for an option. */
export function isUser(text: string): boolean {
  return /^[^\s\p{Cc}-][^\s\p{Cc}]*$/u.test(text);
}

/** `ssh-ed25519 AAAA…`, a comment may follow: the type of an SSH public key, and its fields, which begin with the type (RFC 4253, 6.6). */
export function isPublicKey(text: string): boolean {
  const line = text.trim();
  const [type = '', encoded = ''] = line.split(' ');
  const bytes = Buffer.from(encoded, 'base64');
  let at = 0;
  let fields = 0;
  for (; at + 4 <= bytes.length; fields += 1) at += 4 + bytes.readUInt32BE(at);
  return (
    isLine(line) &&
    fields >= 2 &&
    at === bytes.length &&
    bytes.toString('latin1', 4, 4 + bytes.readUInt32BE(0)) === type
  );
}

/** A time zone by its IANA name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** A key of the remote control and its code, `RED=0x190`. */
export function isKeyCode(text: string): boolean {
  const [, name, code] = /^\s*(\w+)\s*=\s*(0x[0-9a-f]{1,3}|\d{1,4})\s*$/i.exec(text) ?? [];
  return code !== undefined && keyNames.some((known) => known === name);
}
