import { expect, test } from 'vitest';
import { actionTypes } from '../../../agent/protocol/params.ts';
import { fieldsOf, problemsOf } from '../../../headend/console/src/act/fields.ts';
import { dateNames, showTime } from '../../../headend/console/src/format.ts';
import { texts } from '../../../headend/console/src/texts.ts';

test.each(actionTypes)('each parameter of %s has its name and its meaning among the texts of the console', (type) => {
  for (const { name } of fieldsOf(type)) expect([texts.params[name], texts.paramHints[name]]).not.toContain(undefined);
});

/** Values that some parameter of some type cannot have. */
const odd = [
  undefined,
  '',
  'a b',
  'x'.repeat(70_000),
  -1,
  1.5,
  1e9,
  Number.NaN,
  [],
  ['A'],
  Array(300).fill('OK'),
  'ftp://x',
];

test.each(actionTypes)('what is wrong with a parameter of %s is said in words of the console', (type) => {
  for (const { name } of fieldsOf(type)) {
    const said = odd.map((value) => problemsOf(type, value === undefined ? {} : { [name]: value })[name] ?? '');
    expect(said.join()).not.toMatch(/Invalid|received|\/\^|>=|undefined/);
  }
});

test('the months on a plot are called as in every other time', () => {
  dateNames.MMM.forEach((month, index) => {
    expect(showTime(new Date(2026, index, 15))).toContain(month);
  });
});
