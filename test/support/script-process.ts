/** `script-process.ts SETTINGS FILE`: the linux driver, opened with settings in JSON, runs a script; to be killed in the middle of it. */
import { openLinux } from '../../platform/drivers/linux/index.ts';

const [settings = '', file = ''] = process.argv.slice(2);
const { script } = await openLinux(JSON.parse(settings));
await script?.run(
  { file, timeoutMs: 600_000, memoryBytes: 64 * 1024 * 1024, tailBytes: 1024 },
  new AbortController().signal,
);
