import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { decodeBoxMessage, decodeHeadendMessage } from '../../agent/protocol/messages.ts';

/** The examples of docs/protocol.md that are messages: one object each, from a line that begins with its brace. */
function examples(): string[] {
  const page = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
  const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, block = '']) => block);
  return blocks.flatMap((block) => block.split(/\n(?=\{)/)).filter((text) => text.includes('"v": 1, "kind"'));
}

test('every example message on the protocol page is one that the code reads', () => {
  const kinds = examples()
    .filter((text) => text.startsWith('{ "v"'))
    .map((text) => {
      const bytes = Buffer.from(text);
      const decoded = [decodeHeadendMessage(bytes), decodeBoxMessage(bytes)].find(({ ok }) => ok);
      return decoded?.ok ? decoded.message.kind : `not read: ${text}`;
    });
  expect(kinds).toEqual(['action', 'cancel', 'ack', 'report', 'report', 'report', 'report', 'hello', 'telemetry']);
});
