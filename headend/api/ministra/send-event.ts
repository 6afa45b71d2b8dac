import { MinistraError } from '../../ministra/errors.ts';
import { ministraLimits } from '../../ministra/limits.ts';
import type { Ministra } from '../../ministra/ministra.ts';
import { readEvent } from '../../ministra/requested-event.ts';
import { sendEvent } from '../../ministra/send-event.ts';
import { namedBoxes, type Resource, type RestRequest, readNumber } from './request.ts';

/** SEND_EVENT: an event for boxes, for all of them where none is named. `true` says that it is queued. */
export function sendEventResource(ministra: Ministra): Resource {
  return {
    async create(request) {
      const boxes = namedBoxes(ministra.fleet.store, request);
      if (boxes.length === 0 && request.identifiers.length > 0) throw new MinistraError('STB not found');
      const event = readEvent(request.form.text);
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

/** `ttl` in seconds; 0 for the default. Throws MinistraError. */
export function lifetimeOf({ form }: RestRequest): number {
  return readNumber(form, 'ttl', ministraLimits.lifetimeSeconds);
}
