import { Worker } from 'node:worker_threads';

/** What a browser gives a worker's script: `self`, `postMessage`, and messages through `onmessage`. */
const prelude = `
  const { parentPort, workerData } = require('node:worker_threads');
  globalThis.self = globalThis;
  globalThis.postMessage = (message) => parentPort.postMessage(message);
  parentPort.on('message', (data) => globalThis.onmessage({ data }));
  require('node:vm').runInThisContext(require('node:fs').readFileSync(workerData, 'utf8'), { filename: workerData });
`;

/** A Web Worker as far as scripts made for browsers need one, on a thread of Node. */
export class WebWorker {
  onmessage: (event: { data: unknown }) => void = () => {};
  readonly #thread: Worker;
  constructor(file: string) {
    this.#thread = new Worker(prelude, { eval: true, workerData: file });
    this.#thread.on('message', (data) => this.onmessage({ data }));
  }
  postMessage(message: unknown): void {
    this.#thread.postMessage(message);
  }
  terminate(): void {
    void this.#thread.terminate();
  }
}
