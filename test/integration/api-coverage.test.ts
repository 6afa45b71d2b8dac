/** That `docs/api-coverage.md` says what is so: the routes are there, in the files it names, and their tests call them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Coverage, coverage } from '../../docs/generate/coverage.ts';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';

let head: TestHeadend;
/** `GET /iptv/device/:device` and so on, of the OpenAPI document. */
let served: string[];

beforeAll(async () => {
  head = await openTestHeadend();
  const { paths } = (await head.call(undefined, '/docs/json')).body as { paths: Record<string, object> };
  served = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path.replace(/\{(\w+)\}/g, ':$1')}`),
  );
});
afterAll(() => head.close());

const calls = coverage.flatMap((document) => document.calls);
type Built = Extract<Coverage, { file: string }>;
const built = calls.filter((one): one is Built => 'file' in one);
const telecomX = built.filter(({ route }) => route.includes(' /iptv/'));
const read = (file: string) => readFileSync(join(import.meta.dirname, '../..', file), 'utf8');

/** `GET, POST /a` as `['GET /a', 'POST /a']`. */
function routesOf({ route }: Pick<Built, 'route'>): string[] {
  const at = route.indexOf(' /');
  return route
    .slice(0, at)
    .split(', ')
    .map((method) => method + route.slice(at));
}

it.each(telecomX)('$call: $route is served', (one) => {
  const routes = routesOf(one).filter((route) => !served.includes(route));
  // Of a resource with several paths the first stands for all.
  expect(routes.filter((route) => !served.some((known) => known.startsWith(`${route}/:`)))).toEqual([]);
});

it('every Telecom X call that the headend serves stands on the page', () => {
  const listed = telecomX.flatMap(routesOf);
  const isListed = (route: string) => listed.some((known) => route === known || route.startsWith(`${known}/:`));
  expect(served.filter((route) => route.includes(' /iptv/') && !isListed(route))).toEqual([]);
});

it.each(built)('$call is in $file, and $test calls it', ({ route, file, test }) => {
  const path = route.slice(route.indexOf(' /') + 1);
  const last =
    path
      .split('/')
      .filter((part) => !part.startsWith(':'))
      .at(-1) ?? path;
  const inSource = read(file);
  if (path.startsWith('/iptv/')) expect(inSource).toContain(`/${last}`);
  expect(read(test)).toContain(last);
});

it('no call stands there twice, and what is not built says why', () => {
  for (const { calls: listed, title } of coverage) {
    const names = listed.map(({ call }) => call);
    expect(new Set(names).size, title).toBe(names.length);
  }
  for (const one of calls) if ('notBuilt' in one) expect(one.notBuilt.length, one.call).toBeGreaterThan(20);
});
