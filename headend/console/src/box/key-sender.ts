import type { KeyName } from '../../../../agent/protocol/keys.ts';
import { limits } from '../../../../agent/protocol/limits.ts';
import type { Api } from '../api.ts';
import type { Live } from '../live.ts';
import { type Action, hasEnded } from '../types.ts';

/** How long keys are gathered before they go out together, and how long the box may take to begin with them. */
const gatherMs = 120;
const beginMs = 4_000;
/** A human's rhythm; the box's own is meant for scripts. */
const gapMs = 60;

/** Sends key presses to one box. */
export type KeySender = { press(key: KeyName): void; stop(): void };

/**
 * Keys pressed quickly go out as one EMULATEKEYS. The next goes out when the box has begun with the one before: an action that is the same as
 * one that waits would be skipped, and a key would be lost.
 */
export function createKeySender(parts: {
  api: Api;
  live: Live;
  box: string;
  /** How the last keys went. */
  told(action: Action): void;
  failed(error: unknown): void;
}): KeySender {
  const { api, live, box } = parts;
  let waiting: KeyName[] = [];
  /** The last action, and whether the next has to wait for it. */
  let last: string | null = null;
  let isWaiting = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const stopListening = live.on('action', (action) => {
    if (action.id !== last) return;
    parts.told(action);
    if (isWaiting && (action.state === 'started' || hasEnded(action.state))) goOn();
  });

  function goOn(): void {
    isWaiting = false;
    clearTimeout(timer);
    timer = waiting.length > 0 ? setTimeout(send, 0) : undefined;
  }

  async function send(): Promise<void> {
    timer = undefined;
    const keys = waiting.slice(0, limits.keysCount);
    waiting = waiting.slice(keys.length);
    try {
      isWaiting = true;
      const body = { boxes: [box], type: 'EMULATEKEYS', params: { keys, gap: gapMs } };
      const { actions } = await api.post<{ actions: Action[] }>('/stb/v1/actions', body);
      const action = actions[0];
      // Skipped: the same keys wait for the box already.
      if (action === undefined) waiting = [...keys, ...waiting];
      else {
        last = action.id;
        parts.told(action);
      }
      timer = setTimeout(goOn, action === undefined ? gatherMs * 4 : beginMs);
    } catch (error) {
      waiting = [];
      goOn();
      parts.failed(error);
    }
  }

  return {
    press(key) {
      waiting.push(key);
      if (!isWaiting) timer ??= setTimeout(send, gatherMs);
    },
    stop() {
      stopListening();
      clearTimeout(timer);
    },
  };
}
