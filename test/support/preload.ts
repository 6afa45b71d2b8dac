/** Preloaded into the programs that tests start. */
import { flushCompileCache } from 'node:module';

// Each dies with the test process, also when that was killed.
process.stdin.on('end', () => process.kill(process.pid, 'SIGKILL')).resume();
if ('unref' in process.stdin) process.stdin.unref();

// Most are killed before they would write what they have compiled; the next ones start in half the time with it.
setTimeout(flushCompileCache, 1_000).unref();
