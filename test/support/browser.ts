/** User interfaces in real browsers: Chromium with its remote debugging, Cog with WebKit's inspector. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.ts';
import { serve } from './serve.ts';
import { temporaryDirectory } from './temporary.ts';
import { need } from './tools.ts';
import type { After } from './undo.ts';
import { until } from './until.ts';

/** Pages by path; others are the files of packaging/linux. Resolves with the address. */
export async function servePages(pages: Record<string, string | (() => string)>, after: After): Promise<string> {
  const folder = fileURLToPath(new URL('../../packaging/linux', import.meta.url));
  const answer: RequestListener = ({ url = '/' }, response) => {
    const page = pages[url];
    const type = url.endsWith('.js') ? 'text/javascript' : 'text/html; charset=utf-8';
    try {
      const body = typeof page === 'function' ? page() : (page ?? readFileSync(join(folder, url)));
      response.writeHead(200, { 'content-type': type }).end(body);
    } catch {
      response.writeHead(404).end();
    }
  };
  return serve(answer, after);
}

/** A headless Chromium that shows `url`; resolves with the address of its remote debugging. */
export async function startChromium(
  url: string,
  after: After,
  { port: wanted = 0, folder = temporaryDirectory(after) }: { port?: number; folder?: string } = {},
): Promise<string> {
  // Root's Chromium has no sandbox, as in a container; a box gives it a user of its own.
  const args = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'];
  const child = spawn(
    need('chromium', 'chromium'),
    [...args, '--window-size=1280,720', `--remote-debugging-port=${wanted}`, `--user-data-dir=${folder}`, url],
    { stdio: 'ignore', detached: true },
  );
  const ended = once(child, 'exit');
  after(async () => {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
  });
  const chosen = () => readFileSync(join(folder, 'DevToolsActivePort'), 'utf8').split('\n')[0];
  const port = wanted > 0 ? wanted : await until(chosen, 'Chromium to open its remote debugging', 60_000);
  const address = `http://127.0.0.1:${port}`;
  await until(
    async () => {
      const pages = (await (await fetch(`${address}/json/list`)).json()) as { url: string }[];
      return pages.some((page) => page.url.startsWith(url));
    },
    'Chromium to show the page',
    60_000,
  );
  return address;
}

/** Cog without a screen, showing `url`; resolves with the address of its inspector. */
export async function startCog(url: string, after: After): Promise<string> {
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(need('cog', 'cog'), ['--platform=headless', url], {
    env: { ...process.env, WEBKIT_INSPECTOR_HTTP_SERVER: address },
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(child, 'exit');
  after(async () => {
    process.kill(-(child.pid ?? 0), 'SIGKILL');
    await ended;
  });
  await until(
    async () => (await (await fetch(`http://${address}/`)).text()).includes('/WebPage'),
    'Cog to show the page',
    60_000,
  );
  return `http://${address}`;
}
