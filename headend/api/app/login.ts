import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { ApiError, accessDenied, conflict, invalid } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { accountOf, appTypes, type Newcomer, signIn } from '../../fleet/sign-in.ts';
import type { AppDevice } from '../../store/app-devices.ts';
import type { DrmAccount } from '../../store/drm-accounts.ts';
import { tokenOf } from '../authenticate.ts';
import type { ApiContext } from '../context.ts';
import type { Raw } from '../telecomx/action-parameters.ts';
import { success } from '../telecomx/documented.ts';
import { appRoute, passwordOf, requiredText, textOf } from './app-route.ts';
import { validatedView, viewValidated } from './device-view.ts';

const text = (description: string) => v.optional(v.pipe(v.string(), v.description(description)));
export const deviceFields = {
  deviceId: text('Id of the device, as it made it once itself.'),
  type: text('IOS, APPLETV, ANDROID, ANDROIDTV or WEB.'),
  model: text('Model of the device.'),
  name: text('Name of the device.'),
};
const credentials = { username: text('User name of a DRM account.'), password: text('Its password.') };

/** The calls with which a device signs in and out: login, by serial, by device id, by proxy; validate, logout, un-register. */
export function loginRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { store } = fleet;

  appRoute(
    app,
    {
      path: '/iptv/app/login',
      summary: 'Login, and claim a streaming license for the device',
      fields: v.object({ ...credentials, ...deviceFields }),
      answer: validatedView,
      errors: [403, 409, 422, 429],
      open: true,
    },
    (request, given) => {
      const device = newcomerOf(given);
      const account = checkAccount(fleet, request, given);
      const to = { customer: account.customer, account: account.username };
      const { box, token } = store.transaction(() => signIn(store, device, to));
      return viewValidated(store, box, token);
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/loginbyserial',
      summary: 'Login by serial: with the serial number that an operator registered for a tablet',
      fields: v.object({ serial: text('Serial number of the tablet.') }),
      answer: validatedView,
      errors: [403, 404, 409, 422, 429],
      open: true,
    },
    (request, given) => {
      const serial = requiredText(given, 'serial');
      return provision(fleet, request, 'serial', () => store.appDevices.bySerial(serial));
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/loginbydeviceid',
      summary: 'Login by device ID: with the id or barcode that an operator registered for a tablet',
      fields: v.object({ deviceId: text('Device id or barcode of the tablet.') }),
      answer: validatedView,
      errors: [403, 404, 409, 422, 429],
      open: true,
    },
    (request, given) => {
      const deviceId = requiredText(given, 'deviceId');
      return provision(fleet, request, 'deviceId', () => store.appDevices.byDeviceId(deviceId));
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/loginbyproxy',
      summary: 'Login by proxy: a device that is signed in signs another one in',
      fields: v.object(deviceFields),
      answer: validatedView,
      errors: [403, 409, 422],
    },
    (request, given) => {
      const by = authentication.box(request);
      const device = newcomerOf(given);
      const to = { customer: by.customer, account: store.appDevices.get(by.id).account };
      if (store.appDevices.byDeviceId(device.deviceId)?.box === by.id)
        throw conflict('deviceId', 'A device cannot be its own proxy');
      const { box, token } = store.transaction(() => signIn(store, device, to));
      return viewValidated(store, box, token);
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/validate',
      summary: 'Validate: whether the token is still valid, and whose it is',
      fields: v.object({ version: text('Version of the app.') }),
      answer: validatedView,
      errors: [403],
    },
    (request, given) => {
      const box = authentication.box(request);
      const version = textOf(given, 'version');
      if (version !== undefined) store.appDevices.change(box.id, { version });
      return viewValidated(store, box, tokenOf(request) ?? '');
    },
  );

  appRoute(
    app,
    { path: '/iptv/app/logout', summary: 'Logout: the token expires', answer: success, errors: [403] },
    (request) => {
      const box = authentication.box(request);
      store.tokens.revoke({ kind: 'box', id: box.id });
      fleet.presence.disconnect(box.id, 'the device has logged out');
      return { success: true };
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/unregister',
      summary: 'Un-register: releases the DRM license and removes the device',
      answer: success,
      errors: [403],
    },
    (request) => {
      const box = authentication.box(request);
      if (box.type === 'STB') throw new ApiError(403, 'type', 'STB devices cannot be deleted from here');
      store.boxes.remove(box.id);
      return { success: true };
    },
  );
}

/** The device that asks to be signed in. Throws 422 in Telecom X's words. */
export function newcomerOf(given: Raw, types: Record<string, unknown> = appTypes): Newcomer {
  const deviceId = requiredText(given, 'deviceId');
  const type = requiredText(given, 'type');
  if (!Object.hasOwn(types, type)) throw invalid('type', 'Type is missing or invalid');
  return { deviceId, type, model: requiredText(given, 'model'), name: textOf(given, 'name') ?? null };
}

/** The account whose user name and password are given. Throws 401, and 429 after too many wrong ones. */
export function checkAccount(fleet: Fleet, request: FastifyRequest, given: Raw): DrmAccount {
  const username = requiredText(given, 'username');
  const password = passwordOf(given);
  if (password === undefined) throw invalid('password', 'Password is missing or invalid');
  const caller = `password ${request.ip} ${username}`;
  fleet.guesses.check(caller, 'username');
  const account = accountOf(fleet.store, username, password);
  if (account === undefined) {
    fleet.guesses.wrong(caller);
    throw new ApiError(401, 'username', 'Username or password is wrong');
  }
  fleet.guesses.right(caller);
  return account;
}

/**
 * Signs in a device that an operator has registered. Telecom X reset token: once it has been logged in it is locked, and is opened by resetting
 * its token.
 */
function provision(
  fleet: Fleet,
  request: FastifyRequest,
  field: 'serial' | 'deviceId',
  find: () => AppDevice | undefined,
) {
  const { store } = fleet;
  const caller = `${field} ${request.ip}`;
  fleet.guesses.check(caller, field);
  const known = find();
  const box = known && store.boxes.get(known.box);
  if (known === undefined || box === undefined || box.type === 'STB') {
    fleet.guesses.wrong(caller);
    throw new ApiError(404, field, 'Device not found');
  }
  if (!box.enabled) throw accessDenied();
  if (known.loggedInAt !== null) throw conflict(field, 'The device is locked: an operator has to reset its token');
  const token = store.transaction(() => {
    store.appDevices.change(box.id, { loggedInAt: Date.now() });
    store.tokens.revoke({ kind: 'box', id: box.id });
    return store.tokens.issue({ kind: 'box', id: box.id });
  });
  return viewValidated(store, box, token);
}
