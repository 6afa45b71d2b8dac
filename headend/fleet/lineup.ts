import type { EndedChannel, Lineup, LineupChannel } from '../../agent/protocol/lineup.ts';
import { headendLimits } from '../limits.ts';
import type { Box } from '../store/boxes.ts';
import type { Channel } from '../store/channels.ts';
import type { Package, Reception } from '../store/packages.ts';
import type { Store } from '../store/store.ts';

/**
 * What a box may watch at `now`, and how it reaches each channel: the answer of `GET /stb/v1/lineup`, and what everything else that
 * depends on it asks. A box that was never given a package has every channel of its customer; one that was has those of the packages that it has now.
 */
export function lineupOf(store: Store, box: Box, now: number = Date.now()): Lineup {
  const all = store.channels.ofCustomer(box.customer);
  const choices = store.subscriptions.isSubscriber(box.id)
    ? withChannels(choicesOf(store.packages.ofBox(box.id, now)), store, box.id)
    : undefined;
  const streamOnly = box.streamOnly || isStreamOnly(store, box.customer);
  const channels = all
    .filter((channel) => !channel.radio && (choices === undefined || choices.has(channel.id)))
    .map((channel) => toLineupChannel(channel, choices?.get(channel.id), streamOnly))
    .filter((channel) => channel !== undefined);
  const ended = choices === undefined ? [] : endedOf(store, box, choices, now);
  return {
    channels,
    radio: all.flatMap(({ id, number, name, radio, baseChannel }) =>
      radio && baseChannel !== null ? [{ id, number, name, url: baseChannel }] : [],
    ),
    ...(ended.length === 0 ? {} : { ended }),
  };
}

/** The channels that a box had until a subscription ended lately, with the reason that its report will give. */
function endedOf(store: Store, box: Box, choices: ReadonlyMap<string, Reception>, now: number): EndedChannel[] {
  const found = new Map<string, EndedChannel>();
  for (const { package: id, end } of store.subscriptions.ofBox(box.id)) {
    if (end === null || end > now || end < now - headendLimits.endedToldMs) continue;
    const ended = store.packages.get(id);
    const reason = `the subscription to ${ended?.name} ended at ${new Date(end).toISOString()}`;
    for (const channel of ended?.channels ?? []) {
      const name = store.channels.get(channel.id)?.name;
      if (!choices.has(channel.id) && name !== undefined) found.set(channel.id, { id: channel.id, name, reason });
    }
  }
  return [...found.values()];
}

/** Telecom X settings, `stbStreamOnly`: base streams only, for all boxes of a customer. Settings of a reseller are not its customers'. */
export function isStreamOnly(store: Store, customer: string): boolean {
  return store.documents.own(customer, 'settings')?.stbStreamOnly === true;
}

/** Whether a channel can be received in a way, so that a package may ask for it. */
export function supports(channel: Channel, reception: Reception): boolean {
  if (reception === 'DVB') return channel.dvb !== null;
  if (channel.dvbOnly) return false;
  return reception === 'BASE' ? channel.baseChannel !== null : channel.locals.length > 0;
}

/** How the packages reach each of their channels; main packages come first and win. */
function choicesOf(packages: readonly Package[]): Map<string, Reception> {
  const choices = new Map<string, Reception>();
  for (const { channels } of packages) {
    for (const { id, type } of channels) if (!choices.has(id)) choices.set(id, type);
  }
  return choices;
}

/** Adds the channels that a box was sold one by one, as Ministra's operators do it. */
function withChannels(choices: Map<string, Reception>, store: Store, box: string): Map<string, Reception> {
  for (const number of store.accounts.of(box).channels ?? []) {
    const id = store.portalNumbers.find('channel', number);
    if (id !== undefined && !choices.has(id)) choices.set(id, 'BASE');
  }
  return choices;
}

/** The channel as this box may receive it; undefined when it cannot at all. */
function toLineupChannel(
  channel: Channel,
  choice: Reception | undefined,
  streamOnly: boolean,
): LineupChannel | undefined {
  const url = channel.dvbOnly ? null : channel.baseChannel;
  const locals = channel.dvbOnly || streamOnly ? [] : channel.locals;
  const dvb = streamOnly ? null : channel.dvb;
  const reachable: Reception[] = [];
  if (url !== null) reachable.push('BASE');
  if (dvb !== null) reachable.push('DVB');
  if (locals.length > 0) reachable.push('LOCAL');
  const reception = choice !== undefined && reachable.includes(choice) ? choice : reachable[0];
  if (reception === undefined) return undefined;
  return {
    id: channel.id,
    number: channel.number,
    name: channel.name,
    reception,
    ...(url === null ? {} : { url }),
    ...(locals.length === 0 ? {} : { locals }),
    ...(dvb === null ? {} : { dvb }),
  };
}
