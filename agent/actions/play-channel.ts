import type { Reception } from '../../platform/contract.ts';
import { type ActionContext, defineAction, type Json, need } from '../action.ts';
import { AgentError, errorCode, messageOf } from '../errors.ts';
import { findChannel } from '../lineup-update.ts';
import { limits } from '../protocol/limits.ts';
import type { LineupChannel } from '../protocol/lineup.ts';

/** What every way to name a TV channel has in common. */
export const watching = {
  result: {
    channel: 'its id',
    number: 'its number',
    name: 'its name',
    reception: 'how it is really received: `BASE`, `DVB` or `LOCAL`',
    tried: 'what failed before, a `reception` and an `error` each',
    lock: 'the signal figures, where it is received by the tuner',
  },
  capabilities: ['player'],
  group: 'player',
  idempotent: true,
  deadlineMs: () => 120_000,
} as const;

export const playChannel = defineAction({
  type: 'PLAYCHANNEL',
  summary:
    "Switches to a TV channel of the box's line-up. Where the tuner or the local streams fail, the base stream is played; another channel never is.",
  ...watching,
  async run(params, context) {
    const channel = await findChannel('channels', { id: params.channel }, context);
    return startChannel(channel, context);
  },
});

/** Plays a channel of the line-up, in the first of its ways that works; resolves with the action's result. */
export async function startChannel(channel: LineupChannel, context: ActionContext): Promise<Json> {
  const { id, number, name } = channel;
  return { channel: id, number, name, ...(await firstThatPlays(channel, context)) };
}

/** One way to receive a channel; `start` resolves when it plays. */
type Way = { reception: Reception; start(signal: AbortSignal): Promise<Json> };

/** The package's choice first, then the base stream. */
function waysTo(channel: LineupChannel, { platform, headend }: ActionContext): Way[] {
  const { id, number, name, url, locals = [] } = channel;
  const stream = (reception: Reception, address: string): Way => ({
    reception,
    async start(signal) {
      const url = await headend.addressOf(address, signal);
      await need(platform, 'player').play({ kind: 'channel', url, id, name, number, reception }, signal);
      return {};
    },
  });
  const tuner: Way = {
    reception: 'DVB',
    start: async (signal) => ({ lock: await need(platform, 'tuner').tune(id, signal) }),
  };
  const base = url === undefined ? [] : [stream('BASE', url)];
  if (channel.reception === 'DVB') return [tuner, ...base];
  if (channel.reception === 'LOCAL') return [...locals.map((local) => stream('LOCAL', local)), ...base];
  return base;
}

async function firstThatPlays(channel: LineupChannel, context: ActionContext): Promise<Json> {
  const tried: { reception: Reception; error: string }[] = [];
  let last: unknown;
  for (const { reception, start } of waysTo(channel, context)) {
    try {
      const signal = AbortSignal.any([context.signal, AbortSignal.timeout(limits.playbackStartMs)]);
      return { reception, ...(await start(signal)), tried };
    } catch (error) {
      context.signal.throwIfAborted();
      last = error;
      tried.push({ reception, error: messageOf(error) });
    }
  }
  throw new AgentError(tried.length === 1 ? errorCode(last) : 'PLAYBACK_FAILED', failure(channel, tried), {
    cause: last,
    result: { tried },
  });
}

function failure({ number, name, reception }: LineupChannel, tried: { reception: Reception; error: string }[]): string {
  if (tried.length === 0) return `channel ${number} ${name}: the line-up has no address for reception ${reception}`;
  return `channel ${number} ${name}: ${tried.map(({ reception, error }) => `${reception}: ${error}`).join('; ')}`;
}
