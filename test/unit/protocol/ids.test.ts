import { expect, test } from 'vitest';
import { decodeHeadendMessage, encode } from '../../../agent/protocol/messages.ts';

const decode = (id: string) => decodeHeadendMessage(encode({ v: 1, kind: 'action', id, type: 'UI', params: {} }));

test.each(['.', '..'])('%j is no id: files and paths are named after actions', (id) => {
  expect(decode(id)).toMatchObject({ ok: false, id: null });
});

test.each(['...', '.a', 'a..b', '0', 'A_z:-.'])('%j is an id', (id) => {
  expect(decode(id)).toMatchObject({ ok: true });
});
