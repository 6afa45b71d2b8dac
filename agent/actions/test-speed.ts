import { type ActionContext, defineAction } from '../action.ts';
import { AgentError } from '../errors.ts';
import { ndt7 } from '../protocol/ndt7.ts';
import { version } from '../version.ts';

export const testSpeed = defineAction({
  type: 'SPEEDTEST',
  summary: "Measures the box's line with the ndt7 protocol, down and up, against the headend or another ndt7 server.",
  result: {
    downloadMbps: 'megabits per second to the box',
    uploadMbps: 'and from it',
    latencyMs: 'the median round trip of the idle line, in milliseconds',
    jitterMs: 'the mean difference between one idle round trip and the next',
    server: 'the server it was measured against',
    link: 'the link that carries the default route, where the box knows it',
    download:
      '`mbps`, `bytes`, `seconds`, `ended` (`complete` or `broken off`), `countedBy` (`box` or `server`), `intervals` (`at` in seconds, `mbps`), and where known `latencyMs` under load, `minRttMs` and `uuid` of the server',
    upload: 'the same',
  },
  capabilities: [],
  group: 'network',
  idempotent: true,
  deadlineMs: () => 2 * ndt7.hardMs + 34_000,
  async run(_params, context) {
    const { settings, signal, platform } = context;
    // Loaded only now: most boxes need no WebSocket client but for this.
    const { runSpeedTest } = await import('../ndt7/speed-test.ts');
    const result = await runSpeedTest(
      {
        server: serverOf(context),
        client: { name: 'stb-agent', version },
        testMs: Math.min(settings.speedtest.seconds * 1000, ndt7.testMs),
        signal,
      },
      (phase, percent) => context.progress({ phase, percent }),
    );
    // What was measured is worth reporting without it.
    const link = await platform.network?.link().catch((error) => {
      context.log.warn({ err: error }, 'the link of the speed test is not known');
      return undefined;
    });
    return link === undefined ? result : { ...result, link };
  },
});

/** The configured server, or the headend's. */
function serverOf({ settings, headend }: ActionContext): string {
  const server = settings.speedtest.url ?? headend.url?.replace(/^http/, 'ws');
  if (server !== undefined) return server;
  throw new AgentError('NOT_CONFIGURED', 'no speed test server: set speedtest.url or headend.url in the configuration');
}
