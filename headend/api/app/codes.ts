import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { newId } from '../../../agent/protocol/id.ts';
import { ApiError, accessDenied, invalid, notFound } from '../../errors.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { type Pairing, pair } from '../../fleet/pairing.ts';
import type { Reservation } from '../../fleet/reservations.ts';
import { appTypes } from '../../fleet/sign-in.ts';
import { normaliseMac } from '../../store/boxes.ts';
import type { User } from '../../store/users.ts';
import { tokenOf } from '../authenticate.ts';
import type { ApiContext } from '../context.ts';
import { success } from '../telecomx/documented.ts';
import { appRoute, requiredText, textOf } from './app-route.ts';
import { checkAccount, deviceFields, newcomerOf } from './login.ts';

const text = (description: string) => v.optional(v.pipe(v.string(), v.description(description)));
/** Telecom X names ANDROIDTV and APPLETV; STB is a box that is enrolled. */
const codeTypes = { ...appTypes, STB: 'STB' };

/** Telecom X: reserve code, and login by code. */
export function codeRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  appRoute(
    app,
    {
      path: '/iptv/app/reservecode',
      summary: 'Reserve code: four characters for the screen, and the token once somebody has entered them',
      description: 'The device asks again until the answer has a token. A code lives five minutes.',
      fields: v.object({
        ...deviceFields,
        type: text('ANDROIDTV, APPLETV, … or STB.'),
        mac: text('STB: the MAC of the box.'),
        serial: text('STB: its serial number.'),
        box: text('STB: the id it has, to be used where it is free.'),
      }),
      answer: v.object({ code: v.string(), token: v.optional(v.string()), _id: v.optional(v.string()) }),
      errors: [422, 429],
      open: true,
    },
    (request, given) => {
      const applicant = newcomerOf(given, codeTypes);
      const { mac, boxId } = applicant.type === 'STB' ? boxOf(given) : { mac: null, boxId: null };
      const serial = textOf(given, 'serial') ?? null;
      const reservation = fleet.reservations.reserve({ ...applicant, mac, boxId, serial }, request.ip);
      const { code, token, box } = reservation;
      return { code, ...(token === undefined ? {} : { token, _id: box }) };
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/loginbycode',
      summary: 'Login by code: signs in the device that shows the code',
      description:
        'By a device that is signed in, or with a user name and password: the device becomes one of the same customer and account. By an operator, for a `customer`: also a box.',
      fields: v.object({
        code: text('The four characters.'),
        username: text('User name of a DRM account, where no token is presented.'),
        password: text('Its password.'),
        customer: text('Of an operator: whose device it becomes.'),
        name: text('What the device is called.'),
      }),
      answer: v.object({ ...success.entries, _id: v.string() }),
      errors: [403, 404, 409, 422, 429],
      open: true,
    },
    (request, given) => {
      if (tokenOf(request) === undefined) {
        const account = checkAccount(fleet, request, given);
        const found = enteredCode(fleet, `account ${account.username}`, given.code);
        return paired(fleet, found, {
          customer: account.customer,
          account: account.username,
          name: textOf(given, 'name'),
        });
      }
      const caller = authentication.caller(request);
      if ('user' in caller) {
        const { box } = pairForOperator(fleet, caller.user, {
          code: given.code,
          customer: textOf(given, 'customer')?.toLowerCase(),
          name: textOf(given, 'name'),
        });
        return { success: true, _id: box.id };
      }
      const found = enteredCode(fleet, `device ${caller.box.id}`, given.code);
      const { account } = fleet.store.appDevices.get(caller.box.id);
      return paired(fleet, found, { customer: caller.box.customer, account, name: textOf(given, 'name') });
    },
  );
}

/** Pairs the device that shows a code with a customer of an operator's. Throws 403, 404 `customer` or `code`, 409, 429. */
export function pairForOperator(
  fleet: Fleet,
  user: User,
  given: { code: unknown; customer: string | undefined; name: string | undefined },
) {
  if (!fleet.access.mayChange(user)) throw accessDenied();
  const customer = given.customer ?? user.customer;
  if (customer === null) throw invalid('customer', 'Customer is missing or invalid');
  if (!fleet.access.scope(user).includes(customer)) throw notFound('customer');
  const reservation = enteredCode(fleet, `user ${user.id}`, given.code);
  return pair(fleet, reservation, { customer, account: null, name: given.name });
}

/** The device that shows a code that somebody has entered. Throws 404 where none does, and 429 after too many of those. */
function enteredCode(fleet: Fleet, caller: string, given: unknown): Reservation {
  const code = requiredText({ code: given }, 'code');
  fleet.guesses.check(caller, 'code');
  const found = fleet.reservations.find(code);
  if (found === undefined) {
    fleet.guesses.wrong(caller);
    throw new ApiError(404, 'code', 'No device shows this code: a code lives five minutes, look at the screen again');
  }
  return found;
}

/** What a viewer's device or account may sign in: any device but a box, which is an operator's to give. */
function paired(fleet: Fleet, reservation: Reservation, to: Pairing) {
  if (reservation.applicant.type === 'STB') throw accessDenied();
  return { success: true, _id: pair(fleet, reservation, to).box.id };
}

function boxOf(given: Record<string, unknown>): { mac: string; boxId: string | null } {
  const mac = normaliseMac(requiredText(given, 'mac'));
  if (mac === undefined) throw invalid('mac', 'Mac is missing or invalid');
  const boxId = textOf(given, 'box')?.toLowerCase();
  return { mac, boxId: boxId !== undefined && idPattern.test(boxId) ? boxId : null };
}

/** The shape of the headend's own ids. */
const idPattern = new RegExp(`^[0-9a-f]{${newId().length}}$`);
