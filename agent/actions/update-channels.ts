import { defineAction } from '../action.ts';
import { compare } from '../lineup-change.ts';

export const updateChannels = defineAction({
  type: 'CHANNELS',
  summary: "Fetches the box's line-up of TV and radio channels from the headend and replaces what it had.",
  result: {
    added: 'how many TV and radio channels are new',
    changed: 'how many are there as before, but different',
    removed: 'how many are gone',
    channels: 'how many TV channels there are now',
    radio: 'how many radio channels there are now',
    details: 'the `id` and `name` of those added, changed and removed; the first of each',
  },
  capabilities: [],
  group: 'lineup',
  idempotent: true,
  deadlineMs: () => 60_000,
  async run(_params, context) {
    const before = context.lineup.current();
    const after = await context.headend.fetchLineup(context.signal);
    await context.lineup.replace(after);
    return {
      ...compare([...before.channels, ...before.radio], [...after.channels, ...after.radio]),
      channels: after.channels.length,
      radio: after.radio.length,
    };
  },
});
