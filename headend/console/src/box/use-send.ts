import { useCallback } from 'preact/hooks';
import { sayError } from '../api.ts';
import { useApp } from '../app.ts';
import { texts } from '../texts.ts';
import type { Action, ActionType, Box } from '../types.ts';

/** Asks one box for something now, and says in the corner how that went. Resolves with the action, or undefined. */
export function useSend(box: Box) {
  const { api, notices } = useApp();
  return useCallback(
    async (
      type: ActionType,
      params: Record<string, unknown>,
      { quietly = false } = {},
    ): Promise<Action | undefined> => {
      const name = texts.types[type].name;
      try {
        const body = { boxes: [box.id], type, params };
        const { actions } = await api.post<{ actions: Action[] }>('/stb/v1/actions', body);
        const [action] = actions;
        if (quietly) return action;
        if (action === undefined) notices.say('bad', texts.send.skipped(name));
        else notices.say('good', box.online ? texts.send.sent(name) : texts.send.waits(name));
        return action;
      } catch (error) {
        notices.say('bad', texts.send.failed(name, sayError(error)));
        return undefined;
      }
    },
    [api, notices, box.id, box.online],
  );
}
