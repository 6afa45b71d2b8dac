/**
 * No customer sees or acts on another's devices: whoever calls, with whatever role, at any operation of the OpenAPI document, naming whatever belongs
 * to the other customer. What is answered must not hold a mark of the other, and what the store holds of the other must stay the same.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type AppSite, openAppSite } from '../support/app-site.ts';
import { type Operation, operationsOf } from './operations.ts';
import { valuesOf } from './schema-values.ts';
import { announceSeed, generate, isFullRun, repeatable } from './seed.ts';
import { makeTenant, type Observer, observe, type Tenant } from './two-customers.ts';

let site: AppSite;
let operations: Operation[];
let observer: Observer;
beforeAll(async () => {
  site = await openAppSite();
  observer = observe(site.dataDir);
  // An event stream has no end; `headend-api.test.ts` looks at whose events it carries.
  const endless = ['/stb/v1/events'];
  const documented = Object.keys((await site.call(undefined, '/docs/json')).body.paths);
  operations = (await operationsOf(site.headend.url)).filter(
    ({ path }) => documented.includes(path) && !endless.includes(path),
  );
});
afterAll(() => {
  observer.close();
  return site.close();
});

/** New customers are made for each batch, because what is tried on the own customer is allowed and leaves its marks. */
const batches = isFullRun ? 50 : 6;
const perBatch = 60;

type Attempt = {
  operation: Operation;
  caller: string;
  params: Record<string, string>;
  query: Record<string, unknown>;
  body: unknown;
};

/** The names of the fields that hold what belongs to a customer; the same for all, so that the requests can be made up before the customers are. */
type Fields = Tenant['known'];

/**
 * Requests about what belongs to the other customer, and sometimes to the own one. What exactly is filled in later: `@other.device.0` stands for the
 * other's first device.
 */
function attempts(fields: Fields, callers: string[]): fc.Arbitrary<Attempt> {
  const places = (name: string, whose: string) => (fields[name] ?? []).map((_, index) => `@${whose}.${name}.${index}`);
  const known = Object.fromEntries(
    Object.keys(fields).map((name) => [
      name,
      [...places(name, 'other'), ...places(name, 'other'), ...places(name, 'own')],
    ]),
  );
  const made = operations.map((operation) => {
    const names = [...operation.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as string);
    const params = names.map((name) => [name, fc.constantFrom(...(known[name] ?? ['launcher', '1', 'apps']))] as const);
    const query = Object.entries(operation.query).map(
      ([name, schema]) => [name, valuesOf(schema, known, name)] as const,
    );
    return fc.record({
      operation: fc.constant(operation),
      caller: fc.constantFrom(...callers),
      params: fc.record(Object.fromEntries(params)),
      query: fc.record(Object.fromEntries(query), { requiredKeys: [] }),
      body: operation.body === undefined ? fc.constant(undefined) : valuesOf(operation.body, known),
    });
  });
  return fc.oneof(...made);
}

/** The attempt with what it stands for filled in. */
function fill({ operation, caller, ...given }: Attempt, own: Tenant, other: Tenant): Attempt {
  const tenants: Record<string, Tenant> = { own, other };
  const text = JSON.stringify(given).replace(
    /@(own|other)\.(\w+)\.(\d+)/g,
    (_all, whose: string, name: string, index: string) => String(tenants[whose]?.known[name]?.[Number(index)]),
  );
  return { operation, caller, ...JSON.parse(text) };
}

async function make({ operation, params, query, body }: Attempt, token: string) {
  const path = operation.path.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) search.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  const text = body === undefined || operation.method === 'GET' ? undefined : JSON.stringify(body);
  const response = await fetch(`${site.headend.url}${path}?${search}`, {
    method: operation.method,
    redirect: 'manual',
    headers: {
      authorization: `Bearer ${token}`,
      ...(text === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(text === undefined ? {} : { body: text }),
  });
  const said = JSON.stringify([params, query, body]);
  return { status: response.status, path, said, answer: await response.text() };
}

/** The marks of the other that an answer holds and the request did not. */
function leaked(other: Tenant, { said, answer }: { said: string; answer: string }): string[] {
  const [request, response] = [said.toLowerCase(), answer.toLowerCase()];
  return other.marks.filter((mark) => response.includes(mark.toLowerCase()) && !request.includes(mark.toLowerCase()));
}

const makePair = async () =>
  [
    await makeTenant(site, observer, ['IPTVBUSINESS']),
    await makeTenant(site, observer, ['IPTVPRIVATE', 'IPTVBUSINESS']),
  ] as const;

test(`in ${batches * perBatch} attempts no customer sees or changes what is another's`, {
  timeout: 900_000,
}, async () => {
  announceSeed('attempts to reach another customer', batches * perBatch);
  const answered = new Map<number, number>();
  const [example] = await makePair();
  const arbitrary = attempts(example.known, Object.keys(example.callers));
  for (let batch = 0; batch < batches; batch++) {
    await repeatable(`batch ${batch}`, async () => {
      const [own, other] = await makePair();
      const before = observer.stateOf(other.customer);
      for (const template of generate(arbitrary, batch, perBatch)) {
        const attempt = fill(template, own, other);
        const made = await make(attempt, own.callers[attempt.caller] as string);
        answered.set(made.status, (answered.get(made.status) ?? 0) + 1);
        const what = `${attempt.caller}: ${attempt.operation.method} ${made.path} ${made.said} answered ${made.status}`;
        expect(leaked(other, made), what).toEqual([]);
        expect(made.status, what).toBeLessThan(500);
        expect(observer.stateOf(other.customer), what).toBe(before);
      }
    });
  }
  const total = [...answered.values()].reduce((sum, count) => sum + count, 0);
  expect(total).toBe(batches * perBatch);
  expect(answered.get(200) ?? 0, 'attempts that got through to an answer').toBeGreaterThan(total / 20);
  expect(answered.get(404) ?? 0, 'attempts at what does not exist for the caller').toBeGreaterThan(total / 20);
});

test('what the attempts look for is there to be found: an ADMIN sees it and can change it', {
  timeout: 300_000,
}, async () => {
  const [own, other] = await makePair();
  const before = observer.stateOf(other.customer);
  const found = { leaks: 0, changes: 0 };
  const arbitrary = attempts(other.known, ['ADMIN']);
  // Few of them are whole and right; another batch is tried until each kind was among them.
  for (let batch = 0; batch < 40 && (found.leaks === 0 || found.changes === 0); batch++) {
    for (const template of generate(arbitrary, batch, perBatch)) {
      if (leaked(other, await make(fill(template, own, other), site.admin)).length > 0) found.leaks += 1;
      if (observer.stateOf(other.customer) !== before) found.changes += 1;
    }
  }
  expect(found.leaks).toBeGreaterThan(0);
  expect(found.changes).toBeGreaterThan(0);
});
