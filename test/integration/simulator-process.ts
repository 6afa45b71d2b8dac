/** A program that is nothing but a simulated box: prints a line of JSON when it is open, does what it is told line by line. */
import { createInterface } from 'node:readline';
import { openSimulator } from '../../platform/drivers/simulator/index.ts';

const [stateFile = '', bundleKey = ''] = process.argv.slice(2);
const platform = await openSimulator({ stateFile, tvPort: 0, bootMs: 10, ...(bundleKey !== '' && { bundleKey }) });
const calm = new AbortController().signal;

const orders: Record<string, (...words: string[]) => unknown> = {
  reboot: () => platform.power?.reboot(),
  'power-off': () => platform.power?.powerOff(),
  volume: (percent) => platform.audio?.setVolume(Number(percent)),
  step: (step = '', type = '') => platform.observe?.(step, type),
  install: (file = '') => platform.firmware?.install(file, () => {}, calm),
  script: (file = '') => platform.script?.run({ file, timeoutMs: 60_000, memoryBytes: 1e9, tailBytes: 1024 }, calm),
};

createInterface({ input: process.stdin }).on('line', async (line) => {
  const [order = '', ...words] = line.split(' ');
  await orders[order]?.(...words);
  say({ done: line });
});
const { firmware } = await platform.identity.read();
say({ open: process.pid, url: platform.simulator.tvUrl, bootId: await platform.identity.bootId(), firmware });

function say(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}
