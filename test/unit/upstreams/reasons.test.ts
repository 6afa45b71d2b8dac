import { expect, test } from 'vitest';
import { reasonOf, statusReason } from '../../../agent/upstreams/reasons.ts';

const failure = (code: string, message: string) => Object.assign(new Error(message), { code });

test('a system error is told in words, with what the system said', () => {
  expect(reasonOf(failure('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:1883'))).toBe(
    'nothing listens there (connection refused); is the server running, is the port right? (connect ECONNREFUSED 127.0.0.1:1883)',
  );
  expect(reasonOf(failure('CERT_NOT_YET_VALID', 'certificate is not yet valid'))).toMatch(/the box's clock is wrong/);
  expect(reasonOf(failure('EPROTO', 'write EPROTO 40DD:error:0A00010B\n'))).toBe(
    'what listens there does not speak this TLS; check the scheme and the port (write EPROTO 40DD:error:0A00010B)',
  );
});

test('a token that no header can hold is told with where it may come from', () => {
  expect(reasonOf(failure('ERR_INVALID_CHAR', 'Invalid character in header content ["authorization"]'))).toMatch(
    /^the token has characters that cannot be sent; check headend.token_file \(Invalid/,
  );
});

test('a name with several addresses is told by the first of its failures', () => {
  const both = new AggregateError([failure('ECONNREFUSED', 'connect ECONNREFUSED ::1:1'), new Error('other')]);
  expect(reasonOf(both)).toMatch(/nothing listens there.*::1:1/);
});

test('what is not known is told as it is', () => {
  expect(reasonOf(new Error('strange'))).toBe('strange');
  expect(reasonOf('text')).toBe('text');
});

test('a status of HTTP says what to do, in words that are true of a headend, a broker and a portal', () => {
  expect(statusReason(401)).toMatch(/check the token or the login/);
  for (const status of [301, 401, 403, 404, 426, 429, 500]) expect(statusReason(status)).toMatch(/\bthe server\b/);
  expect(statusReason(301, 'https://new/')).toMatch(/redirects to https:\/\/new\/ \(301\)/);
  expect(statusReason(307)).toMatch(/redirects to nowhere/);
  expect(statusReason(502)).toBe('the server answered 502, an error of its own');
});
