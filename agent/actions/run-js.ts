import { defineAction, need } from '../action.ts';
import { AgentError } from '../errors.ts';
import { limits } from '../protocol/limits.ts';

export const runJs = defineAction({
  type: 'JS',
  summary: 'Runs JavaScript in the user interface and reports its value, or the exception as SCRIPT_ERROR.',
  result: { value: 'the value as JSON; null for undefined, text for a number that JSON cannot hold: `10n`, `NaN`' },
  capabilities: ['ui'],
  group: 'ui',
  idempotent: false,
  deadlineMs: () => 30_000,
  async run(params, context) {
    const value = (await need(context.platform, 'ui').evaluate(params.js, context.signal)) ?? null;
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes <= limits.jsResultBytes) return { value };
    throw new AgentError(
      'TOO_LARGE',
      `the JavaScript ran, but its value has ${bytes} bytes of JSON and at most ${limits.jsResultBytes} are reported; return less`,
    );
  },
});
