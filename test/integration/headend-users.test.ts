/** Users of the headend's own API: who may make, change and delete whom, and what a change does at once. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openTestHeadend, type TestHeadend } from '../support/headend.ts';

let head: TestHeadend;
let admin: string;
beforeAll(async () => {
  head = await openTestHeadend({ demo_boxes: 4 });
  admin = head.demo.users.admin.token;
});
afterAll(() => head.close());

/** Fields of a user; a customer of the demonstration by what it is. */
type Given = { name?: string; role?: string; customer?: 'business' | 'private' | 'reseller' | null };
const bodyOf = ({ customer, ...rest }: Given) => ({
  ...rest,
  ...(customer === undefined ? {} : { customer: customer && head.demo.customers[customer] }),
});

const change = (id: string, given: Given, token: string | undefined = admin) =>
  head.call(token, `/stb/v1/users/${id}`, { body: bodyOf(given) });
async function make(given: Given = {}): Promise<{ id: string; token: string }> {
  const body = bodyOf({ name: 'Nina', role: 'OWNER', customer: 'business', ...given });
  return (await head.call(admin, '/stb/v1/users', { body })).body;
}
const listed = async (id: string) => {
  const { items } = (await head.call(admin, '/stb/v1/users?limit=500')).body;
  return items.find((user: { id: string }) => user.id === id);
};
const boxesSeen = async (token: string) => (await head.call(token, '/stb/v1/boxes')).body.total;

describe('a change of a user', () => {
  test.each<[string, Given, Given, Given]>([
    ['the name', {}, { name: 'Nora' }, { name: 'Nora', role: 'OWNER', customer: 'business' }],
    ['the role', {}, { role: 'VIEWER' }, { name: 'Nina', role: 'VIEWER', customer: 'business' }],
    ['the customer', {}, { customer: 'reseller' }, { name: 'Nina', role: 'OWNER', customer: 'reseller' }],
    ['both', {}, { role: 'RESELLER', customer: 'reseller' }, { role: 'RESELLER', customer: 'reseller' }],
    ['nothing', {}, {}, { name: 'Nina', role: 'OWNER', customer: 'business' }],
    ['a rise to ADMIN', {}, { role: 'ADMIN', customer: null }, { role: 'ADMIN', customer: null }],
    [
      'a fall from ADMIN',
      { role: 'ADMIN', customer: null },
      { role: 'OWNER', customer: 'business' },
      { role: 'OWNER' },
    ],
  ])('takes over %s, and leaves what is not named', async (_, before, asked, after) => {
    const { id } = await make(before);
    const answer = await change(id, asked);
    expect(answer).toMatchObject({ status: 200, body: { id, ...bodyOf(after) } });
    expect(await listed(id)).toEqual(answer.body);
  });

  test.each<[string, object, number, string]>([
    ['an empty name', { name: ' ' }, 422, 'name'],
    ['a role that there is not', { role: 'KING' }, 422, 'role'],
    ['no customer, of a role that needs one', { customer: null }, 422, 'customer'],
    ['a customer that there is not', { customer: 'f'.repeat(24) }, 404, 'customer'],
  ])('refuses %s, and changes nothing', async (_, asked, status, field) => {
    const { id } = await make();
    const answer = await head.call(admin, `/stb/v1/users/${id}`, { body: { name: 'Changed', ...asked } });
    expect(answer).toMatchObject({ status, body: { message: field } });
    expect(await listed(id)).toMatchObject({ name: 'Nina', role: 'OWNER' });
  });

  test('of one that there is not is a 404', async () => {
    expect(await change('f'.repeat(24), { name: 'x' })).toMatchObject({ status: 404, body: { message: 'id' } });
  });

  test.each(['viewer', 'manager', 'owner', 'privateOwner', 'reseller'] as const)(
    'is nothing that a %s may ask for, of itself or of others',
    async (role) => {
      const { id, token } = head.demo.users[role];
      const { id: other } = await make();
      for (const target of [id, other])
        expect(await change(target, { role: 'ADMIN' }, token)).toMatchObject({
          status: 403,
          body: { message: 'access_denied' },
        });
      expect((await change(id, { role: 'ADMIN' }, '')).status).toBe(401);
    },
  );

  test('is in the audit, with what was asked', async () => {
    const { id } = await make();
    await change(id, { name: 'Nora', role: 'MANAGER' });
    expect((await head.call(admin, '/stb/v1/audit?limit=1')).body.items[0]).toMatchObject({
      who: { role: 'ADMIN' },
      call: 'POST /stb/v1/users/:id',
      target: `Nina (${id})`,
      given: { name: 'Nora', role: 'MANAGER' },
      status: 200,
    });
  });
});

test('a lower role and another customer count from the next call on, with the same token', async () => {
  const { id, token } = await make();
  const act = () => head.call(token, '/stb/v1/actions', { body: { all: true, type: 'UI' } });
  expect([await boxesSeen(token), (await act()).status]).toEqual([3, 200]);
  await change(id, { role: 'VIEWER' });
  expect([await boxesSeen(token), (await act()).status]).toEqual([3, 403]);
  await change(id, { customer: 'private' });
  expect(await boxesSeen(token)).toBe(1);
});

test('the last ADMIN stays one: it can give the role up only when there is another', async () => {
  const { id } = head.demo.users.admin;
  for (const { id: other } of (await head.call(admin, '/stb/v1/users?limit=500')).body.items.filter(
    (user: { id: string; role: string }) => user.role === 'ADMIN' && user.id !== id,
  ))
    await head.call(admin, `/stb/v1/users/${other}`, { method: 'DELETE' });
  const step: Given = { role: 'OWNER', customer: 'business' };
  expect(await change(id, step)).toMatchObject({ status: 409, body: { message: 'role' } });
  expect((await change(id, { name: 'The last one' })).status).toBe(200);
  const { id: successor, token } = await make({ role: 'ADMIN', customer: null });
  expect((await change(id, step)).status).toBe(200);
  expect((await change(id, { role: 'ADMIN' })).status).toBe(403);
  expect((await change(successor, step, token)).status).toBe(409);
  expect((await change(id, { role: 'ADMIN', customer: null }, token)).status).toBe(200);
});
