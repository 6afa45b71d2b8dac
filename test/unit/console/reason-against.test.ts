import { expect, it } from 'vitest';
import { reasonAgainst } from '../../../headend/console/src/box/reason-against.ts';
import { permissionsOf } from '../../../headend/console/src/permissions.ts';
import type { Box, User } from '../../../headend/console/src/types.ts';

const user = (role: User['role']) => ({ id: 'u', name: 'U', role, customer: null }) as User;
const admin = permissionsOf(user('ADMIN'), []);
const agent = { customer: 'c', agent: 'stb-agent 1', types: ['VOLUME', 'REBOOT'], capabilities: ['power'] };
const box = (said: Partial<Box> = {}) => ({ ...agent, ...said }) as Box;

it('a box is said to lack what it has not', () => {
  expect(reasonAgainst('REBOOT', box(), admin)).toBe(null);
  expect(reasonAgainst('VOLUME', box(), admin)).toBe('The box has no volume control.');
});

it('a box that has no agent is asked for what its protocol knows', () => {
  const ministra = box({ agent: null, types: ['REBOOT', 'UI'], capabilities: [] });
  expect(reasonAgainst('REBOOT', ministra, admin)).toBe(null);
  expect(reasonAgainst('VOLUME', ministra, admin)).toBe('Its protocol, Ministra’s, has nothing for it.');
});

it('what a box was never heard to lack it can be asked for: it waits for the box', () => {
  const unheard = box({ agent: null, types: [], capabilities: [] });
  expect(reasonAgainst('REBOOT', unheard, admin)).toBe(null);
  expect(reasonAgainst('REBOOT', unheard, permissionsOf(user('VIEWER'), []))).toBe('Your role may not.');
});
