import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createBundle } from '../../platform/drivers/simulator/bundle.ts';
import type { Snapshot } from '../../platform/drivers/simulator/index.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

type Opened = { open: number; url: string; bootId: string; firmware: string };

const program = fileURLToPath(new URL('./simulator-process.ts', import.meta.url));

/** Starts the program on a box; `opened` has an entry for each time the box was opened in it. */
function startBox(folder: string, options: { fault?: string; bundleKey?: string } = {}) {
  const stateFile = join(folder, 'box.json');
  const child = spawn(process.execPath, [program, stateFile, options.bundleKey ?? ''], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, STB_SIMULATOR_FAULT: options.fault ?? '' },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const opened: Opened[] = [];
  const done: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    const message = JSON.parse(line);
    if ('open' in message) opened.push(message);
    else done.push(message.done);
  });
  return {
    child,
    opened,
    /** Waits for the box to be open for the `count`th time. */
    open: (count = 1) => until(() => opened[count - 1], `opening ${count} of the box`),
    /** Gives an order, and waits for it to be done. */
    async tell(order: string) {
      child.stdin.write(`${order}\n`);
      await until(() => done.includes(order), order);
    },
    say: (order: string) => void child.stdin.write(`${order}\n`),
    state: () => state(stateFile),
  };
}

async function state(stateFile: string): Promise<Snapshot> {
  const { tvPort } = JSON.parse(readFileSync(stateFile, 'utf8'));
  const response = await fetch(`http://127.0.0.1:${tvPort}/state`);
  return (await response.json()) as Snapshot;
}

async function post(url: string, path: string, body: unknown): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  expect(response.ok).toBe(true);
}

async function ended(child: ChildProcess): Promise<NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return child.signalCode;
}

test('a reboot restarts the process under the same pid, with a new boot id and the same TV page', async () => {
  const box = startBox(temporaryDirectory());
  const before = await box.open();
  box.say('reboot');
  const after = await box.open(2);
  expect(after).toMatchObject({ open: before.open, url: before.url });
  expect(after.bootId).not.toBe(before.bootId);
  expect(await box.state()).toMatchObject({ bootReason: 'reboot', bootCount: 2, bootId: after.bootId });
});

test('a killed agent finds the box as it was: same boot id, same volume, nothing forgotten', async () => {
  const folder = temporaryDirectory();
  const first = startBox(folder);
  const { bootId } = await first.open();
  await first.tell('volume 77');
  first.child.kill('SIGKILL');
  await ended(first.child);
  const second = startBox(folder);
  expect((await second.open()).bootId).toBe(bootId);
  const { volume, events } = await second.state();
  expect(volume).toBe(77);
  expect(events.map(({ event }) => event)).toEqual(['boot', 'volume', 'agent-start']);
});

test('a power cut at a step strikes once, and the box comes back by itself with a new boot id', async () => {
  const box = startBox(temporaryDirectory());
  const before = await box.open();
  await post(before.url, '/faults', { kind: 'power-cut', step: 'journal.begin.after', type: 'REBOOT' });
  await box.tell('step journal.begin.before REBOOT');
  await box.tell('step journal.begin.after VOLUME');
  box.say('step journal.begin.after REBOOT');
  const after = await box.open(2);
  expect(after.open).toBe(before.open);
  expect(after.bootId).not.toBe(before.bootId);
  await box.tell('step journal.begin.after REBOOT');
  expect(await box.state()).toMatchObject({ faults: [], bootReason: 'power', bootCount: 2 });
});

test('a kill that the environment asks for strikes once, also when the agent is started in the same environment', async () => {
  const folder = temporaryDirectory();
  const fault = JSON.stringify([{ kind: 'kill', step: 'journal.accept.after' }]);
  const first = startBox(folder, { fault });
  const { bootId } = await first.open();
  first.say('step journal.accept.after MESSAGE');
  expect(await ended(first.child)).toBe('SIGKILL');
  const second = startBox(folder, { fault });
  expect((await second.open()).bootId).toBe(bootId);
  await second.tell('step journal.accept.after MESSAGE');
});

test('a box that is off shows nothing until its power button is pressed', async () => {
  const box = startBox(temporaryDirectory());
  const before = await box.open();
  box.say('power-off');
  const off = await until(async () => {
    const snapshot = await box.state();
    return snapshot.power === 'off' && snapshot;
  }, 'the box to be off');
  expect(off).toMatchObject({ led: 'off', scene: { power: 'off' } });
  expect(box.opened).toHaveLength(1);
  await until(() => post(before.url, '/keys', { key: 'POWER' }).then(() => true), 'the button');
  const after = await box.open(2);
  expect(after.bootId).not.toBe(before.bootId);
  expect(await box.state()).toMatchObject({ power: 'on', bootReason: 'power' });
});

test('without mains the power button does nothing; with them the box starts', async () => {
  const box = startBox(temporaryDirectory());
  const { url } = await box.open();
  await post(url, '/power', { mains: 'cut' });
  await until(async () => (await box.state()).power === 'off', 'the box to be dark');
  await post(url, '/keys', { key: 'POWER' });
  expect(await box.state()).toMatchObject({ power: 'off', mains: false });
  await post(url, '/power', { mains: 'on' });
  await box.open(2);
  expect(await box.state()).toMatchObject({ power: 'on', mains: true });
});

test('firmware that crashes while it boots is given up, and the old one runs again', async () => {
  const folder = temporaryDirectory();
  const keys = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const payload = Buffer.alloc(1000, 'bad');
  const { privateKey } = keys;
  const file = join(folder, 'bad.bundle');
  writeFileSync(
    file,
    createBundle({ version: '6.6.6', compatible: 'SIM250', payload, privateKey, behaviour: 'crash' }),
  );
  const box = startBox(folder, { bundleKey: keys.publicKey });
  await box.open();
  await box.tell(`install ${file}`);
  box.say('reboot');
  expect((await box.open(2)).firmware).toBe('1.0.0');
  const { bootReason, slots, events } = await box.state();
  expect(bootReason).toBe('crash');
  expect(slots).toEqual([
    { name: 'A', version: '1.0.0', state: 'good', booted: true },
    { name: 'B', version: '6.6.6', state: 'bad', booted: false },
  ]);
  expect(events.map(({ event }) => event)).toEqual(['boot', 'install', 'reboot', 'crash', 'fall-back', 'boot']);
});

test('a power cut ends the scripts that run on the box', async () => {
  const folder = temporaryDirectory();
  const file = join(folder, 'long.sh');
  const pidFile = join(folder, 'pid');
  writeFileSync(file, `#!/bin/sh\necho $$ > ${pidFile}.new && mv ${pidFile}.new ${pidFile}\nsleep 60\n`, {
    mode: 0o700,
  });
  const box = startBox(folder);
  const { url } = await box.open();
  box.say(`script ${file}`);
  const pid = await until(() => readFileSync(pidFile, 'utf8').trim(), 'the script to run');
  await post(url, '/power', { mains: 'blink' });
  await box.open(2);
  await until(() => isGone(pid), 'the script to be gone');
});

/** Whether the process is gone, or dead and waiting for its parent to notice. */
function isGone(pid: string): boolean {
  try {
    return /\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return true;
  }
}
