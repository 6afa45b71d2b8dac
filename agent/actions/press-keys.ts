import { type ActionSettings, defineAction, need } from '../action.ts';
import { AgentError, errorCode, messageOf } from '../errors.ts';
import type { Params } from '../protocol/params.ts';

export const pressKeys = defineAction({
  type: 'EMULATEKEYS',
  summary: 'Presses keys of the remote control, one after the other.',
  result: {
    pressed: 'the names of the keys pressed, in order; after a failure, those before it',
    ms: 'milliseconds from the first to the last',
  },
  capabilities: ['keys'],
  group: 'keys',
  idempotent: false,
  deadlineMs: (params, settings) => 10_000 + params.keys.length * (gapMs(params, settings) + 1_000),
  async run(params, context) {
    const keys = need(context.platform, 'keys');
    const started = performance.now();
    const pressed: string[] = [];
    const result = () => ({ pressed, ms: Math.round(performance.now() - started) });
    for (const key of params.keys) {
      try {
        if (pressed.length > 0) await context.sleep(gapMs(params, context.settings));
        await keys.press(key, context.signal);
      } catch (cause) {
        throw new AgentError(errorCode(cause), `key ${pressed.length + 1}, ${key}: ${messageOf(cause)}`, {
          cause,
          result: result(),
        });
      }
      pressed.push(key);
    }
    return result();
  },
});

function gapMs(params: Params<'EMULATEKEYS'>, settings: ActionSettings): number {
  return params.gap ?? settings.keyGapMs;
}
