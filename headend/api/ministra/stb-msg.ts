import { MinistraError } from '../../ministra/errors.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import { readMessage } from '../../ministra/requested-event.ts';
import { sendEvent } from '../../ministra/send-event.ts';
import { namedBoxes, type Resource } from './request.ts';
import { lifetimeOf } from './send-event.ts';

/** STB_MSG: a message for boxes. */
export function stbMsg(ministra: Ministra): Resource {
  return {
    async create(request) {
      const boxes = request.identifiers.length === 0 ? [] : namedBoxes(ministra.fleet.store, request);
      if (boxes.length === 0) throw new MinistraError('Empty stb list');
      const event = readMessage(request.form.text);
      await sendEvent(
        ministra,
        boxes.map(({ id }) => id),
        event,
        lifetimeOf(request),
      );
      return true;
    },
  };
}
