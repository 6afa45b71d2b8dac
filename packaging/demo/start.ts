/** `npm start`: the headend and simulated boxes as separate processes, and what a person needs to use them. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildConsoleIfOutdated } from '../../headend/console/build.ts';
import { type Children, createChildren } from './children.ts';
import { type DemoBox, layout, portsOf, prepareBox, prepareHeadend, upstreamOf } from './files.ts';
import { type DemoOptions, demoHelp, readOptions } from './options.ts';

/** What the headend writes to `demo.json` in its data directory, as far as it is shown here. */
type Demo = {
  boxes: DemoBox[];
  users: Record<string, { name: string; role: string; token: string }>;
  groups: Record<string, string>;
  ministra: { login: string; password: string };
  channels: { id: string; name: string; number: number; radio: boolean }[];
};

const require = createRequire(import.meta.url);
const root = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const readyMs = 120_000;
/** How often it is looked whether the shell or npm that started this is still there; without it everything ends. */
const parentLookMs = 500;
function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

async function main(): Promise<void> {
  const children = createChildren((sentence) => say(`! ${sentence}`));
  const stop = (code: number) => void children.stop().then(() => process.exit(code));
  // Whoever reads this, as `head` does, may have seen enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') complain(`standard output: ${error.message}`);
    stop(1);
  });
  const options = readOptions(process.argv.slice(2));
  if (options.help) return say(demoHelp);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => stop(0));
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && stop(0), parentLookMs).unref();
  await start(options, children).catch((error) => {
    complain(error);
    stop(1);
  });
}

async function start(options: DemoOptions, children: Children): Promise<void> {
  const boxNumbers = Array.from({ length: options.boxes }, (_, index) => index + 1);
  const ports = portsOf(options);
  await checkPorts([ports.http, ports.mqtt, ports.management, ports.debug, ...boxNumbers.map(ports.tv)]);
  const files = layout(options.dataDir);
  // Every process inherits it: what Node compiled is kept, so that a box restarts fast.
  process.env.NODE_COMPILE_CACHE ??= files.codeCache;
  try {
    prepareHeadend(options);
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    throw new Error(`cannot write in ${options.dataDir}: ${reason}; choose another with --data DIR`, { cause: error });
  }
  if (await buildConsoleIfOutdated()) say('Built the ops console');
  say(`Starting the headend and ${options.boxes} boxes; data in ${options.dataDir}`);
  children.start('headend', [root('headend/cli.ts'), 'run', '--config', files.headendConfig], files.logFile('headend'));
  const debuggerArgs = [require.resolve('chii/bin/chii.js'), 'start', '-h', '127.0.0.1', '-p', String(ports.debug)];
  children.start('debugger', debuggerArgs, files.logFile('debugger'));
  const origin = `http://127.0.0.1:${options.port}`;
  await until('the headend to serve', files.logFile('headend'), () =>
    fetch(`${origin}/healthz`).then((answer) => answer.ok),
  );
  await until('the demo data', files.demoFile, async () => existsSync(files.demoFile));

  const demo = JSON.parse(readFileSync(files.demoFile, 'utf8')) as Demo;
  const newBoxes = boxNumbers.filter((number) => !existsSync(files.boxConfig(number)));
  for (const number of boxNumbers) {
    prepareBox(options, number, demo.boxes[number - 1] as DemoBox);
    const name = `box-${number}`;
    children.start(name, [root('agent/cli.ts'), 'run', '--config', files.boxConfig(number)], files.logFile(name));
  }
  const token = demo.users.admin?.token as string;
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  await until(`${options.boxes} boxes to be online`, files.logFile('box-1'), async () => {
    const answer = await fetch(`${origin}/stb/v1/boxes?online=true`, { headers });
    return ((await answer.json()) as { total: number }).total >= options.boxes;
  });
  // Their remote controls find channels from the beginning.
  for (const type of newBoxes.length > 0 ? ['CHANNELS', 'DVB'] : []) {
    const body = JSON.stringify({ type, boxes: newBoxes.map((number) => demo.boxes[number - 1]?.id) });
    const answer = await fetch(`${origin}/stb/v1/actions`, { method: 'POST', headers, body });
    if (!answer.ok) throw new Error(`the boxes got no line-up: ${await answer.text()}`);
  }
  announce(options, demo, origin, token);
}

function announce(options: DemoOptions, demo: Demo, origin: string, token: string): void {
  const ports = portsOf(options);
  say(
    `\nReady.\n\n  Console   ${origin}   sign in with one of the tokens below\n  Headend   ${origin}   API reference: ${origin}/docs   MQTT: 127.0.0.1:${ports.mqtt}`,
  );
  say(`  Debugger  http://127.0.0.1:${ports.debug}   Management host: 127.0.0.1:${ports.management}\n`);
  for (let number = 1; number <= options.boxes; number++) {
    const box = demo.boxes[number - 1] as DemoBox;
    say(
      `  Box ${String(number).padEnd(5)} TV: http://127.0.0.1:${ports.tv(number)}   ${box.id}  ${box.mac}  ${upstreamOf(number)}`,
    );
  }
  say('\n  Tokens');
  for (const user of Object.values(demo.users)) say(`  ${user.role.padEnd(9)} ${user.token}  ${user.name}`);
  const { login, password } = demo.ministra;
  say(`\n  Ministra  ${origin}/stalker_portal/api/   ${login}:${password}   boxes: ${origin}/stalker_portal/c/`);
  say('\n  Groups');
  for (const [name, id] of Object.entries(demo.groups)) say(`  ${id}  ${name}`);
  const query = `group=${demo.groups.business}&type=MESSAGE&message=Lunch%20is%20ready.`;
  say(`\n  Try:  curl -H 'Authorization: Bearer ${token}' '${origin}/iptv/device/action?${query}'`);
  say('\nCtrl-C ends everything.');
}

/** Waits with a word every few seconds; throws with where to look when it takes too long. */
async function until(what: string, log: string, condition: () => Promise<boolean>): Promise<void> {
  const start = performance.now();
  let told = start;
  while (!(await condition().catch(() => false))) {
    const now = performance.now();
    if (now - start > readyMs) throw new Error(`waited ${readyMs / 1000} s for ${what}; see ${log}`);
    if (now - told > 3_000) {
      say(`  waiting for ${what} …`);
      told = now;
    }
    await wait(100);
  }
}

/** Throws with the port that is taken. */
async function checkPorts(ports: number[]): Promise<void> {
  for (const port of ports) {
    await new Promise<void>((resolve, reject) => {
      const server = createServer();
      server.once('error', () =>
        reject(new Error(`port ${port} is taken; choose others with --port P and --mqtt-port P`)),
      );
      server.listen(port, '127.0.0.1', () => server.close(() => resolve()));
    });
  }
}

function complain(error: unknown): void {
  process.stderr.write(`npm start: ${error instanceof Error ? error.message : error}\n`);
}

main().catch((error) => {
  complain(error);
  process.exit(2);
});
