/** Every method of every resource of Ministra's API, with every kind of identifier. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';
import { openRest, type Rest } from '../support/ministra-rest.ts';

let head: TestHeadend;
let rest: Rest;
beforeAll(async () => {
  head = await openTestHeadend();
  rest = openRest(head);
});
afterAll(() => head.close());

/** One box, and everything it may be called. */
type Named = { mac: string; account: string; login: string };

let made = 0;
async function makeBox(): Promise<Named> {
  made += 1;
  const [high, low] = [made >> 8, made & 255].map((byte) => byte.toString(16).toUpperCase().padStart(2, '0'));
  const mac = `00:1A:79:AC:${high}:${low}`;
  const [account, login] = [String(5000 + made), `user${made}`];
  await rest('POST', 'accounts', `login=${login}&account_number=${account}&stb_mac=${mac}`);
  return { mac, account, login };
}

/** How a box, or two, may be called. */
const kinds = {
  account: ({ account }: Named) => account,
  MAC: ({ mac }: Named) => mac,
  'MAC in lower case': ({ mac }: Named) => mac.toLowerCase(),
  'MAC without colons': ({ mac }: Named) => mac.replaceAll(':', ''),
  'MAC with dashes': ({ mac }: Named) => mac.replaceAll(':', '-'),
  'MAC with Cyrillic letters': ({ mac }: Named) => encodeURIComponent(mac.replace('A', 'А').replace('C', 'С')),
  'escaped MAC': ({ mac }: Named) => encodeURIComponent(mac),
  login: ({ login }: Named) => login,
  'list of accounts': (a: Named, b: Named) => `${a.account},${b.account}`,
  'list of MACs': (a: Named, b: Named) => `${a.mac},${b.mac}`,
  'list of an account and a MAC': (a: Named, b: Named) => `${a.account},${b.mac}`,
  'list with an unknown account': ({ account }: Named) => `${account},999999`,
  'unknown account': () => '999999',
  'unknown MAC': () => '00:1A:79:FF:FF:FF',
  'no MAC': () => '00:1A:79:ZZ:00:01',
  none: () => '',
} as const;
type Kind = keyof typeof kinds;

const one: Kind[] = [
  ...(['account', 'MAC', 'MAC in lower case', 'MAC without colons', 'MAC with dashes'] as const),
  ...(['MAC with Cyrillic letters', 'escaped MAC'] as const),
];
const lists: Kind[] = ['list of accounts', 'list of MACs', 'list of an account and a MAC'];
const nobody: Kind[] = ['login', 'unknown account', 'unknown MAC', 'no MAC'];

type Outcome = unknown | { error: string };
/** What each kind of identifier comes to; a text is the error. */
type Case = { resource: string; method: string; form?: string; outcomes: [readonly Kind[], Outcome][] };

const list = (length: number) => ({ length });
const error = (text: string) => ({ error: text });
const only = error('Only one identifier allowed');
const required = error('Identifier required');
const missing = error('Account not found');

/** The same row for several methods of a resource. */
const forAll = (resource: string, methods: Record<string, string | undefined>, outcomes: Case['outcomes']): Case[] =>
  Object.entries(methods).map(([method, form]) => ({
    resource,
    method,
    ...(form === undefined ? {} : { form }),
    outcomes,
  }));

const cases: Case[] = [
  ...forAll('stb', { GET: undefined }, [
    [one, list(1)],
    [lists, list(2)],
    [['list with an unknown account'], list(1)],
    [nobody, list(0)],
    [['none'], 'a list'],
  ]),
  ...forAll('stb', { PUT: 'additional_services_on=0' }, [
    [one, list(1)],
    [lists, list(2)],
    [['list with an unknown account'], list(1)],
    [nobody, false],
    [['none'], required],
  ]),
  ...forAll('stb', { DELETE: undefined }, [
    [[...one, ...lists, 'list with an unknown account'], true],
    [nobody, error('STB not found')],
    [['none'], required],
  ]),
  ...forAll('accounts', { GET: undefined }, [
    [one, list(1)],
    [lists, list(2)],
    [['list with an unknown account'], error('One or more identifiers are incorrect')],
    [nobody, missing],
    [['none'], 'a list'],
  ]),
  ...forAll('accounts', { PUT: 'comment=x', DELETE: undefined }, [
    [one, true],
    [[...lists, 'list with an unknown account'], only],
    [nobody, missing],
    [['none'], required],
  ]),
  ...forAll('stb_msg', { POST: 'msg=x' }, [
    [[...one, ...lists, 'list with an unknown account'], true],
    [[...nobody, 'none'], error('Empty stb list')],
  ]),
  ...forAll('send_event', { POST: 'event=reboot' }, [
    [[...one, ...lists, 'list with an unknown account', 'none'], true],
    [nobody, error('STB not found')],
  ]),
  ...forAll('stb_modules', { GET: undefined }, [
    [one, { disabled: [], restricted: [] }],
    [lists, only],
    [['list with an unknown account'], { disabled: [], restricted: [] }],
    [[...nobody, 'none'], error('Empty stb list')],
  ]),
  ...forAll('stb_modules', { PUT: 'disabled[]=tv' }, [
    [[...one, ...lists, 'list with an unknown account'], { disabled: ['tv'], restricted: [] }],
    [[...nobody, 'none'], error('Empty stb list')],
  ]),
  ...forAll('itv_subscription', { GET: undefined }, [
    [one, list(1)],
    [lists, list(2)],
    [['list with an unknown account'], list(1)],
    [nobody, list(0)],
    [['none'], 'a list'],
  ]),
  ...forAll('itv_subscription', { PUT: 'sub_ch[]=1' }, [
    [one, list(1)],
    [lists, list(2)],
    [['list with an unknown account'], list(1)],
    [nobody, false],
    [['none'], required],
  ]),
  ...forAll('account_subscription', { GET: undefined }, [
    [one, list(1)],
    [lists, list(2)],
    [[...nobody, 'list with an unknown account'], missing],
    [['none'], 'a list'],
  ]),
  ...forAll('account_subscription', { PUT: 'subscribed[]=tv_2', POST: 'subscribed[]=tv_2', DELETE: undefined }, [
    [one, true],
    [[...lists, 'list with an unknown account'], only],
    [nobody, missing],
    [['none'], required],
  ]),
];

/** USERS takes a login where the others take an account number. */
const userCases: Case[] = [
  ...forAll('users', { GET: undefined }, [
    [['login', ...one.slice(1)], 'an object'],
    [[...lists, 'list with an unknown account'], only],
    [['account', 'unknown account', 'unknown MAC', 'no MAC'], missing],
    [['none'], required],
  ]),
  ...forAll('users', { PUT: 'comment=x', DELETE: undefined }, [
    [['login', ...one.slice(1)], true],
    [[...lists, 'list with an unknown account'], only],
    [['account', 'unknown account', 'unknown MAC', 'no MAC'], missing],
    [['none'], required],
  ]),
];

describe.each([...cases, ...userCases])('$method $resource', ({ resource, method, form, outcomes }) => {
  const rows = outcomes.flatMap(([named, outcome]) => named.map((kind) => ({ kind, outcome })));

  it('has a row for every kind', () => {
    expect(rows.map(({ kind }) => kind).sort()).toEqual(Object.keys(kinds).sort());
  });

  it.each(rows)('by $kind', async ({ kind, outcome }) => {
    const identifiers = kinds[kind](await makeBox(), await makeBox());
    const { status, body } = await rest(method, `${resource}/${identifiers}`, form);
    expect(status).toBe(200);
    if (outcome !== null && typeof outcome === 'object' && 'error' in outcome) {
      expect(body).toEqual({ status: 'ERROR', results: null, error: outcome.error });
      return;
    }
    expect(Object.keys(body)).toEqual(['status', 'results']);
    expect(body.status).toBe('OK');
    if (outcome === 'a list') expect(body.results.length).toBeGreaterThan(3);
    else if (outcome === 'an object') expect(body.results).toMatchObject({ login: expect.any(String) });
    else if (outcome !== null && typeof outcome === 'object' && 'length' in outcome) {
      expect(body.results).toHaveLength(outcome.length as number);
    } else expect(body.results).toEqual(outcome);
  });
});

describe('the numbers of channels, plans, packages and resellers', () => {
  it.each([
    ['itv', ['1', '2']],
    ['tariffs', ['1', '2']],
    ['services_package', ['1', '2']],
    ['reseller', ['1']],
  ])('GET %s', async (resource, numbers) => {
    const ids = async (path: string) =>
      (await rest('GET', path)).body.results.map((item: { id: string }) => item.id) as string[];
    expect(await ids(resource)).toEqual(expect.arrayContaining(numbers));
    for (const number of numbers) expect(await ids(`${resource}/${number}`)).toEqual([number]);
    expect(await ids(`${resource}/${numbers.join(',')}`)).toEqual(numbers);
    expect(await ids(`${resource}/${numbers[0]},999`)).toEqual([numbers[0]]);
    for (const unknown of ['999', 'x', '00:1A:79:00:00:01']) expect(await ids(`${resource}/${unknown}`)).toEqual([]);
  });

  it.each(['PUT', 'DELETE'])('%s reseller', async (method) => {
    const failure = async (path: string) => (await rest(method, path, 'name=x')).body.error;
    expect(await failure('reseller/999')).toBe('Reseller not found');
    expect(await failure('reseller/x')).toBe('Reseller not found');
    expect(await failure('reseller/1,2')).toBe('Only one identifier allowed');
    expect(await failure('reseller')).toBe('Identifier required');
  });
});

describe('methods that a resource does not have', () => {
  const missingMethods: Record<string, readonly string[]> = {
    stb_msg: ['GET', 'PUT', 'DELETE'],
    send_event: ['GET', 'PUT', 'DELETE'],
    stb_modules: ['POST', 'DELETE'],
    itv: ['POST', 'PUT', 'DELETE'],
    itv_subscription: ['POST', 'DELETE'],
    tariffs: ['POST', 'PUT', 'DELETE'],
    services_package: ['POST', 'PUT', 'DELETE'],
  };
  const actions = { GET: 'get', POST: 'create', PUT: 'update', DELETE: 'delete' } as const;
  const rows = Object.entries(missingMethods).flatMap(([resource, methods]) =>
    methods.map((method) => ({ resource, method, action: actions[method as keyof typeof actions] })),
  );

  it.each(rows)('$method $resource', async ({ resource, method, action }) => {
    const { body } = await rest(method, `${resource}/1001`, method === 'GET' ? undefined : 'a=b');
    const sentence = `Resource "${resource}" does not support action "${action}"`;
    expect(body).toEqual({ status: 'ERROR', results: null, error: sentence });
  });
});
