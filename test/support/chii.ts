import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import type { After } from './undo.ts';
import { until } from './until.ts';

export type Chii = {
  /** `host:port`, as UIDEBUG takes it. */
  server: string;
  /** The page that lists its targets. */
  targets(): Promise<string>;
};

/** chii, a remote debugger for web pages. */
export async function startChii(after: After): Promise<Chii> {
  const [host, port] = ['127.0.0.1', await freePort()];
  const program = fileURLToPath(new URL('../../node_modules/chii/bin/chii.js', import.meta.url));
  const child = spawn(process.execPath, [program, 'start', '-p', String(port), '-h', host], { stdio: 'ignore' });
  after(() => void child.kill('SIGKILL'));
  const targets = async () => (await fetch(`http://${host}:${port}/targets`)).text();
  await until(targets, 'chii');
  return { server: `${host}:${port}`, targets };
}
