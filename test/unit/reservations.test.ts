import { expect, test } from 'vitest';
import { type Applicant, createReservations } from '../../headend/fleet/reservations.ts';
import { headendLimits } from '../../headend/limits.ts';

const box = (deviceId: string): Applicant => ({
  deviceId,
  type: 'STB',
  model: 'SIM250',
  name: null,
  mac: null,
  serial: null,
  boxId: null,
});

test('a device that asks again has the same code, until it has lived five minutes', () => {
  let now = 0;
  const reservations = createReservations(() => now);
  const first = reservations.reserve(box('a'), 'here').code;
  expect(first).toMatch(/^[2-9A-HJ-NP-Z]{4}$/);
  now = headendLimits.codeMs - 1;
  expect(reservations.reserve(box('a'), 'here').code).toBe(first);
  expect(reservations.find(first.toLowerCase())?.applicant.deviceId).toBe('a');
  now = headendLimits.codeMs;
  expect(headendLimits.codeMs).toBe(300_000);
  expect(reservations.find(first)).toBeUndefined();
  expect(reservations.reserve(box('a'), 'here').until).toBe(2 * headendLimits.codeMs);
});

test('a code that has been entered is good for nobody else, and its device is told the token as often as it asks', () => {
  const reservations = createReservations(() => 0);
  const reservation = reservations.reserve(box('a'), 'here');
  reservation.token = 'the token';
  expect(reservations.find(reservation.code)).toBeUndefined();
  expect(reservations.reserve(box('a'), 'here').token).toBe('the token');
  expect(reservations.reserve(box('a'), 'here').token).toBe('the token');
  expect(reservations.reserve(box('b'), 'here').token).toBeUndefined();
});

test('one address cannot take all codes, and all addresses together cannot either', () => {
  const reservations = createReservations(() => 0);
  const { perAddress, total } = headendLimits.codes;
  for (let n = 0; n < perAddress; n++) reservations.reserve(box(`x${n}`), 'x');
  expect(() => reservations.reserve(box('more'), 'x')).toThrow(/Too many codes/);
  const codes = new Set<string>();
  for (let n = perAddress; n < total; n++) codes.add(reservations.reserve(box(`y${n}`), `y${n}`).code);
  expect(codes.size).toBe(total - perAddress);
  expect(() => reservations.reserve(box('last'), 'z')).toThrow(/Too many codes/);
});
