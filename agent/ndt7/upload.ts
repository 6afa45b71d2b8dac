/** The upload test: the box sends, the server counts, and the box where the server does not say what it got. */
import { type Measurement, ndt7 } from '../protocol/ndt7.ts';
import { sendLoad } from '../protocol/ndt7-load.ts';
import { connect, type Target } from './connection.ts';
import { type Direction, sumUp } from './direction.ts';
import type { Sample } from './figures.ts';
import { watchRoundTrips } from './round-trips.ts';

/** The idle line is measured first, before anything is sent; with the test itself it must end before the server's `ndt7.hardMs`. */
const idle = { many: 10, few: 3, limitMs: 1_000, patienceMs: 2_500 };

/** Runs it, with the round trips of the idle line before. Throws SPEEDTEST_FAILED when nothing passed. */
export async function testUpload(
  target: Target,
  tick: (share: number) => void,
): Promise<{ upload: Direction; idleMs: number[] }> {
  const { socket, elapsed, told, ended } = await connect('upload', target);
  const roundTrips = watchRoundTrips(socket);
  await roundTrips.series(idle);
  const idleMs = roundTrips.samples.splice(0);

  const start = elapsed();
  const base = counts(told).at(-1) ?? { ms: start, bytes: 0 };
  const load = sendLoad(socket);
  const sent: Sample[] = [];
  let finished = false;
  const sample = () => sent.push({ ms: elapsed() - start, bytes: load.sent() });
  const finish = () => {
    if (!finished) sample();
    finished = true;
    load.stop();
  };
  const ticker = setInterval(() => {
    if (!finished) sample();
    tick(Math.min(1, (elapsed() - start) / target.testMs));
    if (socket.readyState !== socket.OPEN) return;
    roundTrips.ping();
    const AppInfo = { ElapsedTime: Math.round((elapsed() - start) * 1000), NumBytes: load.sent() };
    socket.send(JSON.stringify({ AppInfo, Origin: 'client', Test: 'upload' }));
  }, ndt7.measurementMs);
  const stop = setTimeout(() => {
    finish();
    socket.close(1000);
  }, target.testMs);
  const how = await ended.finally(() => {
    finish();
    clearInterval(ticker);
    clearTimeout(stop);
  });

  const byServer = counts(told)
    .map(({ ms, bytes }) => ({ ms: ms - base.ms, bytes: bytes - base.bytes }))
    .filter(({ ms, bytes }) => ms > 0 && bytes > 0);
  const findings =
    byServer.length > 0
      ? { samples: byServer, countedBy: 'server' as const }
      : { samples: sent, countedBy: 'box' as const };
  const upload = sumUp('upload', target, told, { ...findings, ended: how, roundTrips: roundTrips.samples });
  return { upload, idleMs };
}

/** What the server had received and when: by its application's count, or its kernel's, which is all the M-Lab server sends. */
function counts(told: readonly Measurement[]): Sample[] {
  return told.flatMap(({ AppInfo, TCPInfo }) => {
    const us = AppInfo?.NumBytes === undefined ? TCPInfo?.ElapsedTime : AppInfo.ElapsedTime;
    const bytes = AppInfo?.NumBytes ?? TCPInfo?.BytesReceived;
    return us === undefined || bytes === undefined ? [] : [{ ms: us / 1000, bytes }];
  });
}
