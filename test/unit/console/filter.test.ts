import { expect, test } from 'vitest';
import { matcher, readFilter, readSort, sortRows } from '../../../headend/console/src/fleet/filter.ts';
import type { FleetRow } from '../../../headend/console/src/fleet/row.ts';

const row = (change: Partial<FleetRow>): FleetRow => ({
  id: '0193a5c0de0011aa22bb33cc',
  name: 'Room 1',
  mac: '00:1A:79:00:00:01',
  customer: 'hotel',
  enabled: true,
  model: 'SIM250',
  firmware: '1.0.0',
  upstream: 'mqtt',
  lastSeen: null,
  more: '',
  groups: [],
  playing: null,
  cpuPercent: null,
  freeMemoryPercent: null,
  temperature: null,
  faults: 0,
  online: true,
  action: null,
  ...change,
});

test.each([
  ['q=room', true],
  ['q=room+', true],
  ['q=00-1a-79', true],
  ['q=suite', false],
  ['online=false', false],
  ['model=SIM250&firmware=1.0.0', true],
  ['model=SIM250&firmware=2.0.0', false],
  ['faults=true', false],
  ['playing=false', true],
])('the filter %s lets the row through: %s', (query, passes) => {
  expect(matcher(readFilter(new URLSearchParams(query)))(row({}))).toBe(passes);
});

test('names are sorted as people count, and what is not known comes last either way round', () => {
  const names = sortRows([row({ name: 'Room 10' }), row({ name: 'Room 9' })], readSort(new URLSearchParams()));
  expect(names.map(({ name }) => name)).toEqual(['Room 9', 'Room 10']);
  const rows = [row({ name: 'none' }), row({ name: 'cool', cpuPercent: 1 }), row({ name: 'hot', cpuPercent: 99 })];
  const sorted = (sort: string) => sortRows(rows, readSort(new URLSearchParams({ sort }))).map(({ name }) => name);
  expect(sorted('cpu')).toEqual(['cool', 'hot', 'none']);
  expect(sorted('-cpu')).toEqual(['hot', 'cool', 'none']);
});
