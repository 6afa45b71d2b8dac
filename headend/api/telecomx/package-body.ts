import { ApiError, invalid, notFound } from '../../errors.ts';
import { supports } from '../../fleet/lineup.ts';
import { headendLimits } from '../../limits.ts';
import type { Channel } from '../../store/channels.ts';
import { type Package, type Reception, receptions } from '../../store/packages.ts';
import type { Store } from '../../store/store.ts';

/** What a package may be given; what is left out stays. */
export type PackageChange = { name?: string | undefined; channels?: Package['channels'] | undefined };

/**
 * Reads the body of a package for a customer, null for everybody. Throws the rows of Telecom X package update, in their order. Channels have to
 * be everybody's or the customer's own.
 */
export function readPackage(store: Store, customer: string | null, body: unknown): PackageChange {
  const { name, channels } = isObject(body) ? body : {};
  return {
    ...(name === undefined ? {} : { name: readName(name) }),
    ...(channels === undefined ? {} : { channels: readChannels(store, customer, channels) }),
  };
}

function readName(given: unknown): string {
  const name = typeof given === 'string' ? given.trim() : '';
  if (name === '') throw invalid('name', 'Name is missing');
  if (name.length > headendLimits.nameLength) {
    throw invalid('name', `Longer than the ${headendLimits.nameLength} that are taken`);
  }
  return name;
}

function readChannels(store: Store, customer: string | null, given: unknown): Package['channels'] {
  if (!Array.isArray(given)) throw invalid('channels', 'Channels is not a list');
  const most = headendLimits.channelsPerPackage;
  if (given.length > most) throw invalid('channels', `Longer than the ${most} that are taken`);
  const found = given.map((item) => ({ channel: findChannel(store, customer, item), type: item.type }));
  if (new Set(found.map(({ channel }) => channel.id)).size < found.length) {
    throw invalid('channels[]._id', 'Channel is listed twice');
  }
  const typed = found.map(({ channel, type }) => ({ channel, type: readType(type) }));
  for (const { channel, type } of typed) {
    if (!supports(channel, type)) throw invalid('channels[].type', `Channel does not support type ${type}`);
  }
  return typed.map(({ channel, type }) => ({ id: channel.id, type }));
}

function findChannel(store: Store, customer: string | null, item: unknown): Channel {
  const id = isObject(item) ? (item._id ?? item.id) : undefined;
  const channel = typeof id === 'string' ? store.channels.get(id.toLowerCase()) : undefined;
  if (channel !== undefined && (channel.customer === null || channel.customer === customer)) return channel;
  throw new ApiError(404, 'channels[]._id', 'Channels not found');
}

function readType(type: unknown): Reception {
  const known = receptions.find((one) => one === type);
  if (known === undefined) throw invalid('channels[].type', 'Type is invalid');
  return known;
}

/** A package that a customer's boxes may be given: everybody's, or the customer's own. Throws 404 with the field. */
export function packageFor(store: Store, customer: string, id: string, field: string): Package {
  const found = store.packages.get(id);
  if (found === undefined || (found.customer !== null && found.customer !== customer)) throw notFound(field);
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
