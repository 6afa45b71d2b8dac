/** The download test: the server sends, the box counts. */
import { ndt7 } from '../protocol/ndt7.ts';
import { connect, type Target } from './connection.ts';
import { type Direction, sumUp } from './direction.ts';
import type { Sample } from './figures.ts';
import { watchRoundTrips } from './round-trips.ts';

/** Runs it; `tick` is told the share that is done, 0 to 1. Throws SPEEDTEST_FAILED when nothing came. */
export async function testDownload(target: Target, tick: (share: number) => void): Promise<Direction> {
  const { socket, elapsed, told, ended } = await connect('download', target);
  const { ping, samples: roundTrips } = watchRoundTrips(socket);
  const samples: Sample[] = [];
  let last: Sample = { ms: 0, bytes: 0 };
  socket.on('message', (data: Buffer, isBinary) => {
    if (isBinary) last = { ms: elapsed(), bytes: last.bytes + data.length };
  });

  const ticker = setInterval(() => {
    samples.push({ ms: elapsed(), bytes: last.bytes });
    tick(Math.min(1, elapsed() / target.testMs));
    if (socket.readyState !== socket.OPEN) return;
    ping();
    const AppInfo = { ElapsedTime: Math.round(elapsed() * 1000), NumBytes: last.bytes };
    socket.send(JSON.stringify({ AppInfo, Origin: 'client', Test: 'download' }));
  }, ndt7.measurementMs);
  // The server closes after ten seconds; the box does when it wants less, or when the server does not.
  const stop = setTimeout(() => socket.close(1000), target.testMs);
  const how = await ended.finally(() => {
    clearInterval(ticker);
    clearTimeout(stop);
  });

  const whole = [...samples.filter(({ ms }) => ms < last.ms), last];
  return sumUp('download', target, told, { samples: whole, countedBy: 'box', ended: how, roundTrips });
}
