import { EventEmitter } from 'node:events';
import type { Report } from '../../agent/protocol/messages.ts';

/** Something that an operator may want to see at once. `box` says whose it is, so that each sees only its own; a rollout knows its customers. */
export type FleetEvent =
  | { event: 'box'; box: string; online: boolean }
  | { event: 'action'; box: string; action: string }
  | { event: 'rollout'; rollout: string }
  | { event: 'report'; box: string; action: string; report: Report };

export type FleetEvents = {
  publish(event: FleetEvent): void;
  /** Calls `listener` for every event until the function returned is called. */
  subscribe(listener: (event: FleetEvent) => void): () => void;
};

export function createFleetEvents(): FleetEvents {
  const emitter = new EventEmitter<{ event: [FleetEvent] }>().setMaxListeners(0);
  return {
    publish: (event) => void emitter.emit('event', event),
    subscribe(listener) {
      emitter.on('event', listener);
      return () => void emitter.off('event', listener);
    },
  };
}
