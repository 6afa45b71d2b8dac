import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Demo } from '../../headend/demo/demo.ts';
import { freePort } from './free-port.ts';
import { type HeadendApi, openHeadendApi } from './headend-api.ts';
import { type Program, startProgram } from './program.ts';
import { temporaryDirectory } from './temporary.ts';
import type { After } from './undo.ts';

/** A headend that is a process of its own: it can be killed, and started again on the same data and the same ports. */
export type HeadendProcess = {
  readonly url: string;
  readonly mqttUrl: string;
  readonly api: HeadendApi;
  readonly demo: Demo;
  /** Of the present process. */
  pid(): number;
  start(): Promise<void>;
  /** SIGKILL; resolves when the process is gone. */
  kill(): Promise<void>;
};

/** Starts it, with the demonstration's data. */
export async function startHeadendProcess(options: { boxes?: number; after: After }): Promise<HeadendProcess> {
  const { boxes = 3, after } = options;
  const dataDir = temporaryDirectory(after);
  const [http, mqtt] = [await freePort(), await freePort()];
  const configFile = join(dataDir, 'headend.toml');
  const config = [
    `data_dir = ${JSON.stringify(dataDir)}`,
    'demo = true',
    `demo_boxes = ${boxes}`,
    `http.port = ${http}`,
    `broker.port = ${mqtt}`,
    'log.level = "warn"',
  ];
  writeFileSync(configFile, `${config.join('\n')}\n`);
  let program: Program | undefined;

  async function start(): Promise<void> {
    program = startProgram('headend/cli.ts', ['run', '--config', configFile]);
    await program.says(`headend     ${url}`);
  }
  async function kill(): Promise<void> {
    program?.signal('SIGKILL');
    await program?.ended;
  }

  const url = `http://127.0.0.1:${http}`;
  after(kill);
  await start();
  const demo = JSON.parse(readFileSync(join(dataDir, 'demo.json'), 'utf8')) as Demo;
  return {
    url,
    mqttUrl: `mqtt://127.0.0.1:${mqtt}`,
    api: openHeadendApi(url, demo.users.admin.token),
    demo,
    pid: () => program?.pid ?? 0,
    start,
    kill,
  };
}
