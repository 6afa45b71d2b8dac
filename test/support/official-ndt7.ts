import { createRequire } from 'node:module';
import { WebWorker } from './web-worker.ts';

const require = createRequire(import.meta.url);

/** What the official client says when a test has ended. */
export type OfficialResult = {
  LastClientMeasurement?: { ElapsedTime: number; NumBytes: number; MeanClientMbps: number };
  LastServerMeasurement?: {
    AppInfo?: { ElapsedTime: number; NumBytes: number };
    ConnectionInfo?: Record<string, string>;
    Test?: string;
  };
};

/** Runs M-Lab's own client against `host:port`, both tests; throws what it calls an error. */
export async function runOfficialClient(server: string): Promise<{ download: OfficialResult; upload: OfficialResult }> {
  Object.assign(globalThis, { Worker: WebWorker });
  const client = require('@m-lab/ndt7');
  const results: Partial<Record<'download' | 'upload', OfficialResult>> = {};
  const code: number = await client.test(
    {
      server,
      protocol: 'ws',
      mlabDataPolicyInapplicable: true,
      metadata: { client_name: 'stb-agent-test' },
      downloadworkerfile: require.resolve('@m-lab/ndt7/src/ndt7-download-worker.js'),
      uploadworkerfile: require.resolve('@m-lab/ndt7/src/ndt7-upload-worker.js'),
    },
    {
      error(message: string) {
        throw new Error(`the official client: ${message}`);
      },
      downloadComplete: (result: OfficialResult) => Object.assign(results, { download: result }),
      uploadComplete: (result: OfficialResult) => Object.assign(results, { upload: result }),
    },
  );
  if (code !== 0 || !results.download || !results.upload) throw new Error(`the official client ended with ${code}`);
  return { download: results.download, upload: results.upload };
}
