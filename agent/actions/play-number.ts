import { defineAction } from '../action.ts';
import { findChannel } from '../lineup-update.ts';
import { startChannel, watching } from './play-channel.ts';

export const playNumber = defineAction({
  type: 'PLAYNUMBER',
  summary:
    'Switches to the TV channel with a number of the remote control. A number that the box does not have is refused; another channel is never played instead.',
  ...watching,
  run: async ({ number }, context) => startChannel(await findChannel('channels', { number }, context), context),
});
