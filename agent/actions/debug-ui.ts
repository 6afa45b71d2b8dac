import { defineAction, need } from '../action.ts';
import { AgentError } from '../errors.ts';

/** Where remote debuggers of the chii and weinre kind listen. */
const defaultPort = 8080;

export const debugUi = defineAction({
  type: 'UIDEBUG',
  summary: "Loads a remote debugger's target script into the user interface.",
  result: { server: 'host:port of the debug server the user interface is connected to' },
  capabilities: ['ui'],
  group: 'ui',
  idempotent: true,
  deadlineMs: () => 30_000,
  async run(params, context) {
    const chosen = params.debugserver || context.settings.debugServer;
    if (chosen === '') {
      throw new AgentError(
        'NOT_CONFIGURED',
        'debugserver is blank and there is no default: name a server, or set debug.server in the configuration',
      );
    }
    const server = withPort(chosen);
    await need(context.platform, 'ui').debug(server, context.signal);
    return { server };
  },
});

/** `host` and `[v6]` get the default port, what has one keeps it. */
function withPort(server: string): string {
  return /:\d+$/.test(server) ? server : `${server}:${defaultPort}`;
}
