import { describe, expect, it } from 'vitest';
import { toJson } from '../../../headend/api/ministra/answer.ts';
import { parseForm } from '../../../headend/api/ministra/form.ts';
import { readMac } from '../../../headend/ministra/identifiers.ts';
import { readDate, toDateTime } from '../../../headend/ministra/times.ts';

describe('a form', () => {
  it('has texts and lists', () => {
    const form = parseForm('a=1&b[]=2&b%5B%5D=3&c=x+y%21&d&e=&=z&a=4&f[k]=5&g[0][1]=6');
    expect(form.text('a')).toBe('4');
    expect(form.list('b')).toEqual(['2', '3']);
    expect(form.text('b')).toBe('3');
    expect(form.text('c')).toBe('x y!');
    expect([form.has('d'), form.text('d'), form.has('e'), form.text('e')]).toEqual([true, '', true, '']);
    expect(form.list('f')).toEqual(['5']);
    expect(form.list('g')).toEqual(['6']);
    expect([form.has('nosuch'), form.text('nosuch'), form.list('nosuch')]).toEqual([false, '', []]);
  });

  it.each(['', '&', '&&&'])('of %j has nothing in it', (body) => {
    expect(parseForm(body).size).toBe(0);
  });

  it('keeps what is encoded wrongly, and no name reaches an object', () => {
    const form = parseForm('a=%E0%A4%A&__proto__=1&constructor[]=2');
    expect(form.text('a')).toBe('%E0%A4%A');
    expect([form.text('__proto__'), form.list('constructor')]).toEqual(['1', ['2']]);
    expect(form.has('toString')).toBe(false);
  });
});

it('JSON is ASCII, whatever is in it', () => {
  const value = { text: 'Тариф "+" 😀 /x' };
  const json = toJson(value).toString('latin1');
  expect(json).toBe('{"text":"\\u0422\\u0430\\u0440\\u0438\\u0444 \\"+\\" \\ud83d\\ude00 /x"}');
  expect(JSON.parse(json)).toEqual(value);
});

it.each([
  ['00:1A:79:00:39:5E', '00:1A:79:00:39:5E'],
  ['00-1a-79-00-39-5e', '00:1A:79:00:39:5E'],
  ['001a.7900.395e', '00:1A:79:00:39:5E'],
  [' 001A7900395E ', '00:1A:79:00:39:5E'],
  ['00:1А:79:00:39:5Е', '00:1A:79:00:39:5E'],
  ['00:1A:79:00:39:5', undefined],
  ['00:1A:79:00:39:5G', undefined],
  ['', undefined],
])('%j is the MAC %s', (text, mac) => {
  expect(readMac(text)).toBe(mac);
});

it('times are written as Ministra does, in a zone', () => {
  const noon = Date.UTC(2018, 9, 10, 12, 0, 5);
  expect(toDateTime(noon, 'UTC')).toBe('2018-10-10 12:00:05');
  expect(toDateTime(noon, 'Europe/Kiev')).toBe('2018-10-10 15:00:05');
  expect(toDateTime(Date.UTC(2018, 9, 10), 'UTC')).toBe('2018-10-10 00:00:00');
  expect(toDateTime(null, 'UTC')).toBe('0000-00-00 00:00:00');
});

it.each([
  ['2026-12-31', Date.UTC(2026, 11, 31, 23, 59, 59)],
  ['2026-12-31 12:30:00', Date.UTC(2026, 11, 31, 12, 30)],
  ['2026-13-31', Number.NaN],
  ['soon', Number.NaN],
])('%j is read as the date %s', (text, ms) => {
  expect(readDate(text)).toBe(ms);
});
