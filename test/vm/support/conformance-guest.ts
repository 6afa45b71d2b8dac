/**
 * The conformance suite's program in the box: `conformance.mjs HOST PORT`. It connects to the harness, opens the driver as it is told to, and
 * runs cases in the box, or single calls for the cases that outlive a restart of it.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { type BoxUnderTest, conformance, skips } from '../../../platform/conformance.ts';
import { PlatformError } from '../../../platform/contract.ts';
import { openLinux } from '../../../platform/drivers/linux/index.ts';
import type { Answer, Opening, Request } from './conformance-wire.ts';

const [host = '', port = ''] = process.argv.slice(2);
const socket = connect(Number(port), host);
const send = (answer: Answer) => void socket.write(`${JSON.stringify(answer)}\n`);
const aborting = new Map<number, AbortController>();
let box: BoxUnderTest | undefined;

for await (const line of createInterface({ input: socket })) {
  const request = JSON.parse(line) as Request;
  if ('abort' in request) aborting.get(request.abort)?.abort(new Error('aborted by the harness'));
  else
    void carryOut(request).then(
      (result) => send({ id: request.id, result: result ?? null }),
      (error: Error) => send({ id: request.id, error: told(error) }),
    );
}

async function carryOut(request: Exclude<Request, { abort: number }>): Promise<unknown> {
  if ('open' in request) {
    await box?.platform.close();
    box = await openBox(request.open);
    return box.platform.provided;
  }
  assert.ok(box !== undefined, 'the box was opened');
  if ('call' in request) return call(box, request.call, request.args);
  const promise = conformance.find(({ title }) => title === request.run);
  assert.ok(promise !== undefined, `there is no case ${request.run}`);
  const reason = skips(promise, box);
  if (reason === undefined) await promise.run(box);
  return reason;
}

async function openBox({ settings, fixtures: { ssh, ...fixtures } }: Opening): Promise<BoxUnderTest> {
  mkdirSync(fixtures.workDir, { recursive: true });
  const opened: BoxUnderTest = {
    platform: await openLinux(settings),
    fixtures: {
      ...fixtures,
      ...(ssh && { ssh: { ...ssh, call: (at = ssh.target.remotePort) => firstWords(ssh.target.host, at) } }),
    },
    async reopen() {
      await opened.platform.close();
      opened.platform = await openLinux(settings);
      return opened.platform;
    },
  };
  return opened;
}

/** `firmware.install` and the like, with signals and functions in the place of what stands for them. */
async function call({ platform }: BoxUnderTest, path: string, args: unknown[]): Promise<unknown> {
  const [part = '', method = ''] = path.split('.');
  const target = (platform as unknown as Record<string, Record<string, (...args: unknown[]) => unknown> | undefined>)[
    part
  ];
  if (target?.[method] === undefined) throw new Error(`the box has no ${path}`);
  return target[method](...args.map(revive));
}

function revive(argument: unknown): unknown {
  if (typeof argument !== 'object' || argument === null) return argument;
  if ('$signal' in argument) {
    const controller = new AbortController();
    aborting.set(argument.$signal as number, controller);
    return controller.signal;
  }
  if ('$function' in argument) {
    const name = argument.$function as number;
    return (...args: unknown[]) => send({ function: name, args });
  }
  return argument;
}

function told(error: Error): { name: string; message: string; code?: string } {
  const code = error instanceof PlatformError ? error.code : undefined;
  return { name: error.name, message: error.message, ...(code && { code }) };
}

/** What a port of the management host says first; the box reaches it as it reaches the host itself. */
async function firstWords(address: string, at: number): Promise<string> {
  const caller = connect(at, address);
  try {
    const [words] = await once(caller, 'data', { signal: AbortSignal.timeout(20_000) });
    return String(words);
  } finally {
    caller.destroy();
  }
}
