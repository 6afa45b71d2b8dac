import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { ApiError, conflict } from '../../errors.ts';
import type { ApiContext } from '../context.ts';
import { success } from '../telecomx/documented.ts';
import { isPassword, isUsername, usernameLength } from '../telecomx/drm-body.ts';
import { appRoute, passwordOf, textOf } from './app-route.ts';

const text = v.optional(v.string());

/** Telecom X app: account. The device changes the user name and password that it signed in with; what is left out stays. */
export function accountRoute(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { store } = fleet;

  appRoute(
    app,
    {
      path: '/iptv/app/account',
      summary: 'Account: change the user name and password',
      fields: v.object({ username: text, password: text }),
      answer: success,
      errors: [403, 404, 409, 422],
    },
    (request, given) => {
      const box = authentication.box(request);
      const known = store.appDevices.get(box.id).account;
      const account = known === null ? undefined : store.drmAccounts.get(known);
      if (account === undefined) throw new ApiError(404, 'not_found', 'Device not found');
      const username = given.username === undefined ? account.username : (textOf(given, 'username') ?? '');
      const password = given.password === undefined ? account.password : (passwordOf(given) ?? '');
      if (username.length < usernameLength) {
        throw new ApiError(422, 'username', 'Username is required and must be at least 6 characters long');
      }
      if (!isUsername(username)) {
        throw new ApiError(422, 'username', 'Username may only contain valid characters a-z A-Z 0-9 - . @ _');
      }
      if (!isPassword(password)) {
        throw new ApiError(422, 'password', 'Password is required and must be at least 6 characters long');
      }
      if (username !== account.username && store.drmAccounts.get(username) !== undefined) {
        throw conflict('username', 'The username is not available');
      }
      store.drmAccounts.change(account.username, { username, password });
      return { success: true };
    },
  );
}
