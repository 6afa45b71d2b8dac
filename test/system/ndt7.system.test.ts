import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { createServer } from '../../headend/api/server.ts';
import { ndt7 } from '../../headend/ndt7.ts';
import { runOfficialClient } from '../support/official-ndt7.ts';

test("M-Lab's official client runs its full ten seconds against our server, down and up", async () => {
  const app = await createServer(pino({ level: 'silent' }));
  await app.register(ndt7);
  await app.listen({ port: 0, host: '127.0.0.1' });
  try {
    const { port } = app.server.address() as AddressInfo;
    const { download, upload } = await runOfficialClient(`127.0.0.1:${port}`);
    expect(download.LastClientMeasurement?.ElapsedTime).toBeGreaterThan(9);
    expect(download.LastClientMeasurement?.MeanClientMbps).toBeGreaterThan(10);
    expect(upload.LastServerMeasurement?.AppInfo?.ElapsedTime).toBeGreaterThan(9_000_000);
    const [sent, received] = [
      upload.LastClientMeasurement?.NumBytes ?? 0,
      upload.LastServerMeasurement?.AppInfo?.NumBytes ?? 0,
    ];
    expect(received).toBeGreaterThan(sent * 0.5);
    expect(received).toBeLessThan(sent * 1.5);
  } finally {
    await app.close();
  }
});
