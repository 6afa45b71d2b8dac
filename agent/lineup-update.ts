/** Taking a line-up over, and finding a channel in it. */
import { isDeepStrictEqual } from 'node:util';
import type { DvbService } from '../platform/contract.ts';
import type { ActionContext } from './action.ts';
import { AgentError, messageOf } from './errors.ts';
import type { Lineup } from './protocol/lineup.ts';

/** The channels of a line-up that a tuner reaches. */
export function servicesOf({ channels }: Lineup): DvbService[] {
  return channels.flatMap(({ id, name, number, dvb }) => (dvb ? [{ channel: id, name, number, dvb }] : []));
}

/** Configures the tuner and keeps what it was configured with. */
export async function configureTuner(
  services: DvbService[],
  { platform, lineup }: Pick<ActionContext, 'platform' | 'lineup'>,
): Promise<void> {
  await platform.tuner?.configure(services);
  await lineup.replaceServices(services);
}

/** TV or radio. */
export type ChannelKind = 'channels' | 'radio';
/** Which channel is wanted: by its id or by its number. */
export type Wanted = { id: string } | { number: number };

/**
 * The TV (`channels`) or radio channel that is wanted. When the box does not have it, the line-up is fetched and taken over once, for a
 * new box has none and an old one may be behind. Throws UNKNOWN_CHANNEL; another channel is never taken instead.
 */
export async function findChannel<K extends ChannelKind>(
  kind: K,
  wanted: Wanted,
  context: ActionContext,
): Promise<Lineup[K][number]> {
  const find = () => knownChannel(kind, wanted, context);
  const known = find();
  if (known) return known;
  let how = ', whose line-up was fetched just now: there is no such channel, or no package of the box has it now';
  try {
    const fetched = await context.headend.fetchLineup(context.signal);
    await context.lineup.replace(fetched);
    const services = servicesOf(fetched);
    if (!isDeepStrictEqual(services, context.lineup.services())) await configureTuner(services, context);
  } catch (error) {
    context.signal.throwIfAborted();
    how = `; its line-up could not be renewed: ${messageOf(error)}`;
  }
  const found = find();
  if (found) return found;
  const name = 'id' in wanted ? wanted.id : `number ${wanted.number}`;
  const ended = context.lineup.current().ended?.find(({ id }) => 'id' in wanted && id === wanted.id);
  if (ended) {
    throw new AgentError(
      'UNKNOWN_CHANNEL',
      `${name} ${ended.name} is not among the channels of this box: ${ended.reason}`,
    );
  }
  const [what, other, itIs] =
    kind === 'radio' ? (['radio channels', 'channels', 'TV'] as const) : (['channels', 'radio', 'radio'] as const);
  const twin = knownChannel(other, wanted, context);
  if (twin) how = `: it is a ${itIs} channel, ${twin.name}`;
  const count = context.lineup.current()[kind].length;
  throw new AgentError('UNKNOWN_CHANNEL', `${name} is not among the ${count} ${what} of this box${how}`);
}

/** The wanted channel of the line-up the box has. */
export function knownChannel<K extends ChannelKind>(
  kind: K,
  wanted: Wanted,
  { lineup }: Pick<ActionContext, 'lineup'>,
): Lineup[K][number] | undefined {
  const isWanted =
    'id' in wanted ? ({ id }: Channel) => id === wanted.id : ({ number }: Channel) => number === wanted.number;
  return lineup.current()[kind].find(isWanted);
}

type Channel = { id: string; number: number };
