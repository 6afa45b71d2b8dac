import { defineAction } from '../action.ts';
import { findChannel, knownChannel } from '../lineup-update.ts';
import { listening, startRadio } from './play-radio-channel.ts';

export const playRadioNumber = defineAction({
  type: 'PLAYRADIONUMBER',
  summary:
    'Plays the radio channel with a number. One that is not in the line-up is asked for at the portal, which lists its radio channels nowhere else.',
  ...listening,
  async run({ number }, context) {
    const channel =
      knownChannel('radio', { number }, context) ??
      (await context.headend.radioByNumber(number, context.signal)) ??
      (await findChannel('radio', { number }, context));
    return startRadio(channel, context);
  },
});
