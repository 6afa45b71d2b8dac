import { expect, test } from 'vitest';
import { limits } from '../../../agent/protocol/limits.ts';
import { decodeHeadendMessage, encode } from '../../../agent/protocol/messages.ts';

const long = 'x'.repeat(limits.messageBytes);
const decode = (text: string) => decodeHeadendMessage(Buffer.from(text));

test('a message that is too long is refused by its id, which stands ahead of what makes it long', () => {
  const message = { v: 1, kind: 'action', id: 'a1', type: 'JS', params: { js: long } } as const;
  const length = encode(message).length;
  const reason = `${length} bytes, at most ${limits.messageBytes} are taken`;
  expect(decodeHeadendMessage(encode(message))).toEqual({ ok: false, id: 'a1', reason });
  expect(decode(`  { "id" : "a1", "type": "${long}`)).toMatchObject({ ok: false, id: 'a1' });
});

test.each([
  ['in an object of its own', `{"params":{"id":"a1"},"js":"${long}"}`],
  ['within a text', `{"js":"{\\"id\\":\\"a1\\"}${long}"}`],
  ['far behind', `{"js":"${long}","id":"a1"}`],
  ['no id', `{"id":"../a1","js":"${long}"}`],
  ['a number', `{"id":7,"js":"${long}"}`],
  ['in a list', `[{"id":"a1","js":"${long}"}]`],
  ['missing', long],
])('where the id is %s, the refusal has none', (_, text) => {
  expect(decode(text)).toMatchObject({ ok: false, id: null });
});
