import { type ActionContext, defineAction, type Json, need } from '../action.ts';
import { findChannel } from '../lineup-update.ts';
import type { RadioChannel } from '../protocol/lineup.ts';

/** What every way to name a radio channel has in common. */
export const listening = {
  result: { radiochannel: 'its id', number: 'its number', name: 'its name' },
  capabilities: ['player'],
  group: 'player',
  idempotent: true,
  deadlineMs: () => 60_000,
} as const;

export const playRadioChannel = defineAction({
  type: 'PLAYRADIOCHANNEL',
  summary: "Plays a radio channel of the box's line-up.",
  ...listening,
  async run(params, context) {
    const channel = await findChannel('radio', { id: params.radiochannel }, context);
    return startRadio(channel, context);
  },
});

/** Plays a radio channel; resolves with the action's result. */
export async function startRadio(channel: RadioChannel, { platform, headend, signal }: ActionContext): Promise<Json> {
  const { id, number, name } = channel;
  const url = await headend.addressOf(channel.url, signal);
  await need(platform, 'player').play({ kind: 'radio', id, number, name, url }, signal);
  return { radiochannel: id, number, name };
}
