import * as v from 'valibot';
import { keyNames } from '../../../agent/protocol/keys.ts';
import { actionTypes } from '../../../agent/protocol/params.ts';
import { looseId } from '../read.ts';

const text = (description: string) => v.optional(v.pipe(v.string(), v.description(description)));
const number = (description: string) => v.optional(v.pipe(v.number(), v.description(description)));

/** The action's fields as the OpenAPI document shows them; `action-parameters.ts` reads them. */
export const actionFields = {
  type: v.pipe(v.picklist(actionTypes), v.description('Type of action to perform.')),
  message: text('MESSAGE, VIDEO: the message; may contain simple HTML.'),
  video: text('VIDEO: URL of the video.'),
  channel: text('PLAYCHANNEL: id of the TV channel.'),
  script: text('SCRIPT: URL of the script.'),
  port: number('MANAGEMENT: management port to connect to.'),
  js: text('JS: JavaScript to run in the user interface.'),
  firmware: text('FIRMWARE: URL of the bundle, instead of the default one.'),
  radiochannel: text('PLAYRADIOCHANNEL: id of the radio channel.'),
  volume: number('VOLUME: 0 to 100.'),
  debugserver: text('UIDEBUG: host and port of the debug server, blank for the default.'),
  keys: v.optional(
    v.pipe(v.array(v.picklist(keyNames)), v.description('EMULATEKEYS: repeated, keys[], or a comma list.')),
  ),
  notify: v.optional(v.pipe(v.picklist(['SOUND', 'READ']), v.description('MESSAGE: play a sound, or read it out.'))),
  repeat: v.optional(v.pipe(v.boolean(), v.description('MESSAGE: repeat `notify` until the duration is out.'))),
  duration: number('MESSAGE: seconds on the screen, 30 by default.'),
};

export const success = v.object({ success: v.boolean() });

export const deviceParams = v.object({ device: v.pipe(looseId, v.description('Id or MAC.')) });
