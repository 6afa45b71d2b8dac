/** JavaScript in the simulated user interface. */
import { Worker } from 'node:worker_threads';
import { type KeyName, keyNames, PlatformError } from '../../contract.ts';

export type UiWindow = {
  /** What `stb` holds. */
  facts: Record<string, unknown>;
  /** `stb.press('VOL_UP')` */
  press(key: KeyName): void;
  /** `stb.toast('Hello')` */
  toast(text: string): void;
};

/** Memory of the user interface's JavaScript, in megabytes. */
const heapMb = 64;
const longestToast = 200;
/** How often one script may call on `stb`, so that a loop cannot flood the box. */
const mostCalls = 200;

/** `done` is JSON; everything is a string. */
type FromPage = { done: string } | { thrown: string } | { press: string } | { toast: string };

/**
 * Runs `js` in a fresh page and resolves with its JSON value (null for undefined), awaiting a promise; rejects SCRIPT_ERROR with
 * the exception. The page lives in a thread of its own, so that an endless loop ends with the signal and hangs nothing.
 */
export async function runInUi(js: string, signal: AbortSignal, window: UiWindow): Promise<unknown> {
  signal.throwIfAborted();
  const worker = new Worker(page, {
    eval: true,
    env: {},
    workerData: { js, facts: JSON.stringify(window.facts), calls: mostCalls },
    resourceLimits: { maxOldGenerationSizeMb: heapMb, maxYoungGenerationSizeMb: 8 },
    stdout: true,
    stderr: true,
  });
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort);
  worker.on('error', (error: Error) => reject(scriptError(error.message)));
  worker.on('exit', () => reject(scriptError('nothing, but the page ended itself')));
  worker.on('message', (message: FromPage) => {
    if ('done' in message) resolve(JSON.parse(message.done));
    else if ('thrown' in message) reject(scriptError(message.thrown));
    else if ('toast' in message) window.toast(message.toast.slice(0, longestToast));
    else {
      const key = keyNames.find((name) => name === message.press);
      if (key !== undefined) window.press(key);
    }
  });
  try {
    return await promise;
  } finally {
    signal.removeEventListener('abort', abort);
    await worker.terminate();
  }
}

function scriptError(what: string): PlatformError {
  return new PlatformError('SCRIPT_ERROR', `the script threw ${what}`.slice(0, 2_000));
}

/**
 * The thread's program. The script runs in a vm context of its own and only strings cross over, so that it sees a `window` and
 * no Node; what Node the thread has is taken away first. A vm context is no wall against a determined attacker, and
 * the agent does not need it to be one: JS is an action that only an administrator may send.
 */
const page = `
const { parentPort, workerData } = require('node:worker_threads');
const vm = require('node:vm');
const { setTimeout: later } = globalThis;
for (const name of ['process', 'fetch', 'WebSocket', 'require', 'module']) delete globalThis[name];
const context = vm.createContext(vm.constants.DONT_CONTEXTIFY);
const start = vm.runInContext(\`'use strict'; (facts, calls, send, later) => {
  const { stringify } = JSON;
  const call = (message) => {
    calls -= 1;
    if (calls < 0) throw new Error('stb was called too often');
    send(stringify(message));
  };
  globalThis.window = globalThis;
  globalThis.stb = Object.assign(JSON.parse(facts), {
    press: (key) => call({ press: String(key) }),
    toast: (text) => call({ toast: String(text) }),
  });
  globalThis.setTimeout = (run, ms) => { later(() => { run(); }, Number(ms) || 0); };
  const plain = (value) => {
    if (typeof value === 'bigint') return value + 'n';
    return typeof value === 'number' && !Number.isFinite(value) ? String(value) : value;
  };
  return {
    done: (value) => send(stringify({ done: stringify(plain(value)) ?? 'null' })),
    thrown: (error) => send(stringify({ thrown: typeof error?.stack === 'string' ? String(error) : String(stringify(error)) })),
  };
}\`, context)(workerData.facts, workerData.calls, (text) => { parentPort.postMessage(JSON.parse(text)); }, later);
Promise.resolve()
  .then(() => vm.runInContext(workerData.js, context, { filename: 'ui.js' }))
  .then(start.done)
  .catch(start.thrown);
`;
