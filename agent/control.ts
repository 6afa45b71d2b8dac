/** The agent's local door: HTTP on a Unix socket in the state directory, for `stb-agent status`, `do` and `doctor`. */
import { chmodSync, existsSync, unlinkSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { messageOf } from './errors.ts';
import { limits } from './protocol/limits.ts';

/** What the running agent answers. */
export interface ControlService {
  status(): Promise<unknown>;
  doctor(): Promise<unknown>;
  /** The final report of an action, null while there is none. */
  reportOf(id: string): Promise<unknown>;
  /** Runs an action; `tell` gets each report, and the promise resolves after the final one. */
  act(type: string, params: Record<string, unknown>, tell: (report: unknown) => void): Promise<void>;
  /** Shows a message until `signal` is aborted; says when it is on the screen, and resolves when it is gone. */
  message(html: string, shown: () => void, signal: AbortSignal): Promise<void>;
}

export interface ControlServer {
  close(): Promise<void>;
}

/** How long an agent may take to begin an answer; it has nothing to wait for. */
const answerMs = 10_000;

export function socketPath(stateDir: string): string {
  return join(stateDir, 'agent.sock');
}

/** Whether an agent runs on this state directory, answering or hanging. */
export async function isRunning(stateDir: string): Promise<boolean> {
  return askAgent(stateDir, '/status').then(
    () => true,
    (error) => !isNobody(error),
  );
}

/** Whether an agent could not be asked because nobody listens on its socket. */
export function isNobody(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR', 'ECONNREFUSED'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** Listens for the owner of the state directory only. A socket left by a dead agent is replaced. */
export async function openControl(stateDir: string, service: ControlService): Promise<ControlServer> {
  const path = socketPath(stateDir);
  if (existsSync(path)) unlinkSync(path);
  const server = createServer((incoming, outgoing) => {
    serve(service, incoming, outgoing).catch((error) => {
      if (!outgoing.headersSent) outgoing.writeHead(400, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify({ error: messageOf(error) }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, resolve);
  });
  chmodSync(path, 0o600);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function serve(service: ControlService, incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  const route = `${incoming.method} ${incoming.url}`;
  if (route === 'GET /status') return answer(outgoing, await service.status());
  if (route === 'GET /doctor') return answer(outgoing, await service.doctor());
  if (route.startsWith('GET /actions/'))
    return answer(outgoing, await service.reportOf(route.slice('GET /actions/'.length)));
  if (route === 'POST /message') return holdOnScreen(service, incoming, outgoing);
  if (route !== 'POST /actions') {
    outgoing.writeHead(404).end();
    return;
  }
  const body = JSON.parse(await readBody(incoming)) as { type?: unknown; params?: unknown };
  outgoing.writeHead(200, { 'content-type': 'application/x-ndjson' });
  const params = (body.params ?? {}) as Record<string, unknown>;
  await service.act(String(body.type), params, (report) => outgoing.write(`${JSON.stringify(report)}\n`));
  outgoing.end();
}

/** Shows a message for as long as whoever asked stays connected. */
async function holdOnScreen(
  service: ControlService,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const { html } = JSON.parse(await readBody(incoming)) as { html?: unknown };
  const gone = new AbortController();
  outgoing.once('close', () => gone.abort());
  const shown = () => outgoing.writeHead(200, { 'content-type': 'application/x-ndjson' }).write('{"shown":true}\n');
  await service.message(String(html), shown, gone.signal).catch((error) => {
    if (!gone.signal.aborted) throw error;
  });
  outgoing.end();
}

function answer(outgoing: ServerResponse, value: unknown): void {
  outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of incoming.setEncoding('utf8')) {
    body += chunk;
    if (body.length > limits.messageBytes) throw new Error(`body longer than ${limits.messageBytes} characters`);
  }
  return body;
}

/** Asks the running agent; `line` gets each line of the answer as it comes. Rejects when no agent answers, or does not begin to in time. */
export function askAgent(
  stateDir: string,
  path: string,
  body?: unknown,
  line: (text: string) => void = () => {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { socketPath: socketPath(stateDir), path, method: body === undefined ? 'GET' : 'POST' },
      (incoming) => {
        clearTimeout(late);
        let text = '';
        let rest = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          text += chunk;
          const lines = (rest + chunk).split('\n');
          rest = lines.pop() ?? '';
          for (const complete of lines) line(complete);
        });
        incoming.on('error', reject);
        incoming.on('end', () => {
          if (incoming.statusCode === 200) resolve(text);
          else reject(new Error(JSON.parse(text).error ?? `the agent answered ${incoming.statusCode}`));
        });
      },
    );
    const seconds = answerMs / 1000;
    const silence = `the agent on ${stateDir} has not answered for ${seconds} s; see its log, and restart it if it hangs`;
    const late = setTimeout(() => outgoing.destroy(new Error(silence)), answerMs);
    outgoing.on('close', () => clearTimeout(late));
    outgoing.on('error', reject);
    outgoing.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Lets the running agent show a message; resolves when it is on the screen, with a function that takes it away. Rejects when it cannot be shown. */
export function holdMessage(stateDir: string, html: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ socketPath: socketPath(stateDir), path: '/message', method: 'POST' }, (incoming) => {
      if (incoming.statusCode === 200) resolve(() => outgoing.destroy());
      else reject(new Error(`the running agent cannot show the code: it answered ${incoming.statusCode}`));
      // Taking the message away breaks the connection off.
      incoming.on('error', () => {}).resume();
    });
    outgoing.on('error', reject);
    outgoing.end(JSON.stringify({ html }));
  });
}
