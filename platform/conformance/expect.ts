import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import { PlatformError, type PlatformErrorCode } from '../contract.ts';

/**
 * What "ends soon" means: far longer than a healthy box takes, so that a slow machine does not fail it. One that emulates every
 * instruction may be given more, by the environment.
 */
export const soonMs = Number(process.env.STB_CONFORMANCE_SOON_MS ?? 4_000);

/** A signal that nobody aborts. */
export function calm(): AbortSignal {
  return new AbortController().signal;
}

/** The call must fail as the contract says: a PlatformError with one of the codes and a sentence. */
export async function fails(call: Promise<unknown>, ...codes: PlatformErrorCode[]): Promise<void> {
  const error = await call.then(
    () => assert.fail(`it succeeded, expected ${codes.join(' or ')}`),
    (thrown: unknown) => thrown,
  );
  if (error instanceof assert.AssertionError) throw error;
  assert.ok(error instanceof PlatformError, `expected a PlatformError, it threw ${error}`);
  assert.ok(codes.includes(error.code), `expected ${codes.join(' or ')}, got ${error.code}: ${error.message}`);
  assert.ok(error.message.length > 15, `the message says too little: ${error.message}`);
}

/** The call must end soon after its signal is aborted, by rejecting; `afterMs` says when it is aborted. */
export async function endsOnAbort(call: (signal: AbortSignal) => Promise<unknown>, afterMs: number): Promise<void> {
  const controller = new AbortController();
  const running = call(controller.signal);
  const outcome = running.then(
    () => 'resolved',
    () => 'rejected',
  );
  if (afterMs > 0) await Promise.race([outcome, wait(afterMs)]);
  controller.abort(new Error('aborted by the conformance suite'));
  const late = new AbortController();
  const ended = await Promise.race([outcome, wait(soonMs, 'still running', { signal: late.signal })]);
  late.abort();
  assert.equal(ended, 'rejected', 'a call whose signal is aborted must reject, soon');
}

/** The capability, which `skips` has seen to be there. */
export function the<T>(capability: T | undefined): T {
  assert.ok(capability !== undefined, 'the capability is there');
  return capability;
}

/** Waits for the condition, as long as "soon" is. */
export async function soon(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
  const end = performance.now() + soonMs;
  while (!(await condition())) {
    assert.ok(performance.now() < end, `not within ${soonMs} ms: ${what}`);
    await wait(20);
  }
}
