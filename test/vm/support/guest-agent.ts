/** QEMU's guest agent: runs commands in the box without any code of ours, as root and over a serial line of its own. */
import { setTimeout as wait } from 'node:timers/promises';
import { openJsonSocket } from './json-socket.ts';

export type GuestOutput = { exitCode: number | null; stdout: string; stderr: string };

export type Guest = {
  /** Runs a shell script; resolves however it ends. `input` becomes its standard input. */
  run(script: string, input?: Uint8Array): Promise<GuestOutput>;
  /** The standard output of a shell script; rejects with its errors unless it ends with exit code 0. */
  read(script: string, input?: Uint8Array): Promise<string>;
  /** Replaces a file, and makes the directories it is in. */
  writeFile(path: string, content: string | Uint8Array, mode?: string): Promise<void>;
  readFile(path: string): Promise<Buffer>;
  /** Sets the box's clock to this machine's; a restored machine thinks it is the day of its snapshot. */
  setClock(): Promise<void>;
  /** Resolves when the agent answers, from now on; needed after a restore and after a restart. */
  ready(): Promise<void>;
  close(): void;
};

type Answer = { return?: unknown; error?: { desc: string } };

/** How long the box may take to start and answer, and how often it is asked. */
const readyTimeoutMs = 300_000;
const askMs = 1_000;
/** How often the end of a command is looked for: soon, then less and less often, as each look costs the box a line in its log. */
const lookMs = { first: 40, last: 500 };

export async function openGuest(path: string): Promise<Guest> {
  let answered: ((answer: Answer) => void) | undefined;
  let failed: ((error: Error) => void) | undefined;
  // The channel has no ids: one question at a time.
  let turn: Promise<unknown> = Promise.resolve();

  const socket = await openJsonSocket(
    path,
    (line) => {
      // The answer to a synchronisation begins with a byte that no JSON has; whatever came before it is stale.
      const answer = JSON.parse(line.subarray(line.lastIndexOf(0xff) + 1).toString()) as Answer;
      answered?.(answer);
    },
    () => failed?.(new Error('QEMU ended')),
  );

  function ask(command: string, args: object = {}): Promise<unknown> {
    const asked = turn.then(
      () =>
        new Promise((resolve, reject) => {
          failed = reject;
          answered = ({ return: value, error }) =>
            error ? reject(new Error(`${command}: ${error.desc}`)) : resolve(value);
          socket.send({ execute: command, arguments: args });
        }),
    );
    turn = asked.catch(() => {});
    return asked;
  }

  /** Whether the agent answers this very question within a second. */
  async function synchronise(): Promise<boolean> {
    const id = Math.floor(Math.random() * 2 ** 31);
    const heard = new Promise<boolean>((resolve) => {
      answered = ({ return: value }) => value === id && resolve(true);
    });
    socket.write(Buffer.from([0xff]));
    socket.send({ execute: 'guest-sync-delimited', arguments: { id } });
    return Promise.race([heard, wait(askMs, false)]);
  }

  async function run(script: string, input?: Uint8Array): Promise<GuestOutput> {
    const { pid } = (await ask('guest-exec', {
      path: '/bin/sh',
      arg: ['-c', script],
      'capture-output': true,
      ...(input && { 'input-data': Buffer.from(input).toString('base64') }),
    })) as { pid: number };
    for (let pause = lookMs.first; ; pause = Math.min(pause * 1.5, lookMs.last)) {
      const status = (await ask('guest-exec-status', { pid })) as Record<string, string | number | boolean>;
      if (status.exited) {
        const text = (name: string) => Buffer.from(String(status[name] ?? ''), 'base64').toString();
        return {
          exitCode: typeof status.exitcode === 'number' ? status.exitcode : null,
          stdout: text('out-data'),
          stderr: text('err-data'),
        };
      }
      await wait(pause);
    }
  }

  async function read(script: string, input?: Uint8Array): Promise<string> {
    const { exitCode, stdout, stderr } = await run(script, input);
    if (exitCode === 0) return stdout;
    throw new Error(`in the box, ${script}\nended with exit code ${exitCode}:\n${stdout}${stderr}`);
  }

  return {
    run,
    read,
    async writeFile(file, content, mode = '644') {
      const directory = file.slice(0, file.lastIndexOf('/'));
      await read(`mkdir -p ${directory} && cat >${file} && chmod ${mode} ${file}`, Buffer.from(content));
    },
    async readFile(file) {
      return Buffer.from(await read(`base64 -w0 ${file}`), 'base64');
    },
    async setClock() {
      await ask('guest-set-time', { time: Date.now() * 1_000_000 });
    },
    async ready() {
      // Whoever still waits for an answer waits for one of a machine that is no more.
      failed?.(new Error('the box was started again meanwhile'));
      const end = performance.now() + readyTimeoutMs;
      while (!(await synchronise())) {
        if (performance.now() > end) throw new Error(`the box's guest agent did not answer in ${readyTimeoutMs} ms`);
      }
      answered = undefined;
    },
    close: () => socket.close(),
  };
}
