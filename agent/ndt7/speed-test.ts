/** The whole speed test: down, then up, against any ndt7 server. */
import type { Target } from './connection.ts';
import type { Direction } from './direction.ts';
import { testDownload } from './download.ts';
import { jitter, median } from './figures.ts';
import { testUpload } from './upload.ts';

export type SpeedTest = {
  downloadMbps: number;
  uploadMbps: number;
  /** The median round trip of the idle line; left out where the server answers no pings and tells none itself. */
  latencyMs?: number;
  /** The mean difference between one idle round trip and the next. */
  jitterMs?: number;
  server: string;
  download: Direction;
  upload: Direction;
};

/** Runs both tests. `progress` is told which and how far. Throws SPEEDTEST_FAILED. */
export async function runSpeedTest(
  target: Target,
  progress: (test: 'download' | 'upload', percent: number) => void,
): Promise<SpeedTest> {
  const download = await testDownload(target, (share) => progress('download', Math.round(share * 50)));
  const { upload, idleMs } = await testUpload(target, (share) => progress('upload', 50 + Math.round(share * 50)));
  const latencyMs = median(idleMs) ?? upload.minRttMs ?? download.minRttMs;
  const jitterMs = jitter(idleMs);
  return {
    downloadMbps: download.mbps,
    uploadMbps: upload.mbps,
    ...(latencyMs === undefined ? {} : { latencyMs }),
    ...(jitterMs === undefined ? {} : { jitterMs }),
    server: target.server,
    download,
    upload,
  };
}
