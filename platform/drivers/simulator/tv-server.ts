/** The TV page's server: the screen, the state, and the remote control, on this machine only. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type KeyName, keyNames, messageOf, PlatformError } from '../../contract.ts';
import type { Box } from './box.ts';
import { type Faults, parseFault, parseKind } from './faults.ts';
import type { PowerSupply } from './power.ts';
import type { Remote } from './remote.ts';
import { fileOf } from './tv-files.ts';
import { HttpError, readJson, requireLocal, urlOf } from './tv-request.ts';
import { type Snapshot, sceneOf } from './view.ts';

export type TvServer = { url: string; close(): Promise<void> };

/** What the page can see and do. */
export type TvPage = { box: Box; faults: Faults; remote: Remote; power: PowerSupply; snapshot: () => Snapshot };

type Answer = { status: number; type: string; body: string | Uint8Array };
type Route = (page: TvPage, request: IncomingMessage) => Promise<Answer> | Answer;

/** At most one `state` event in this time; the last change is never lost. */
const throttleMs = 60;

const routes: Record<string, Route> = {
  'GET /state': (page) => json(200, page.snapshot()),
  async 'GET /screen.png'({ box }) {
    const { drawScreen } = await import('./screen/draw.ts');
    return { status: 200, type: 'image/png', body: await drawScreen(sceneOf(box)) };
  },
  'POST /keys': async ({ remote }, request) => {
    const { key } = await readJson(request);
    if (!isKey(key)) throw new HttpError(422, `key: expected one of the remote control's, got ${JSON.stringify(key)}`);
    remote.press(key, 'viewer');
    return json(200, { pressed: key });
  },
  'POST /faults': async ({ faults }, request) => {
    const body = await readJson(request);
    faults.add(checked(() => parseFault(body)));
    return json(200, { faults: faults.list() });
  },
  'DELETE /faults': ({ faults }, request) => {
    const kind = urlOf(request).searchParams.get('kind');
    faults.clear(kind === null ? undefined : checked(() => parseKind(kind)));
    return json(200, { faults: faults.list() });
  },
  'POST /power': async ({ power }, request) => {
    const { mains } = await readJson(request);
    if (mains !== 'on' && mains !== 'cut' && mains !== 'blink') {
      throw new HttpError(422, `mains: expected on, cut or blink, got ${JSON.stringify(mains)}`);
    }
    // The answer leaves before the process may be gone.
    setTimeout(() => (mains === 'blink' ? power.blink() : power.mains(mains === 'on')), 20);
    return json(202, { mains });
  },
};

/** Opens the page on `port` of 127.0.0.1; 0 takes the port `before` if it is still free, else any. */
export async function openTvServer(page: TvPage, port: number, before: number | null): Promise<TvServer> {
  const server = createServer((request, response) => void answer(page, request, response));
  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(on, '127.0.0.1', () => {
        server.removeListener('error', reject);
        resolve();
      });
    });
  try {
    if (port === 0 && before !== null) await listen(before).catch(() => listen(0));
    else await listen(port);
  } catch (cause) {
    const reason = messageOf(cause);
    throw new PlatformError(
      'DEVICE_FAILED',
      `opening the TV page on port ${port}: ${reason}; choose another port, or 0 for any`,
      { cause },
    );
  }
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function answer(page: TvPage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    requireLocal(request);
    const { pathname: path } = urlOf(request);
    if (request.method === 'GET' && path === '/events') return streamEvents(page, request, response);
    const route = routes[`${request.method} ${path}`];
    send(response, route ? await route(page, request) : await fileOf(request.method, path));
  } catch (error) {
    const status = error instanceof HttpError ? error.status : 500;
    send(response, json(status, { error: messageOf(error) }));
  }
}

/** Server-sent events: `state` with the snapshot, now and after every change. */
function streamEvents(page: TvPage, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { ...safety, 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let timer: NodeJS.Timeout | undefined;
  const push = () => {
    timer = undefined;
    if (response.writableNeedDrain) return void response.once('drain', push);
    response.write(`event: state\ndata: ${JSON.stringify(page.snapshot())}\n\n`);
  };
  const stop = page.box.onChange(() => {
    timer ??= setTimeout(push, throttleMs).unref();
  });
  request.on('close', () => {
    stop();
    clearTimeout(timer);
  });
  push();
}

/** Nothing but the page's own files; no other page may frame it or guess at its types. */
const safety = {
  'content-security-policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; frame-ancestors 'self'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
};

function send(response: ServerResponse, { status, type, body }: Answer): void {
  if (response.headersSent) return void response.destroy();
  response.writeHead(status, { ...safety, 'content-type': type, 'cache-control': 'no-store' });
  response.end(body);
}

function json(status: number, body: unknown): Answer {
  return { status, type: 'application/json', body: `${JSON.stringify(body)}\n` };
}

/** What `parse` makes of something that was asked; what it throws is the asker's mistake. */
function checked<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new HttpError(422, messageOf(error));
  }
}

function isKey(value: unknown): value is KeyName {
  return keyNames.some((name) => name === value);
}
