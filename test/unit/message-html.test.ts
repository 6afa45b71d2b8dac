import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as fc from 'fast-check';
import { Parser } from 'htmlparser2';
import { expect, test } from 'vitest';
import { cleanHtml, plainText, readMessage } from '../../agent/message-html.ts';
import { limits } from '../../agent/protocol/limits.ts';
import { messageTags } from '../../agent/protocol/message-tags.ts';

test.each([
  ['Lunch is ready.', 'Lunch is ready.'],
  [
    '<b>bold</b> <strong>s</strong> <i>i</i> <em>e</em> <u>u</u>',
    '<b>bold</b> <strong>s</strong> <i>i</i> <em>e</em> <u>u</u>',
  ],
  ['a<br>b', 'a<br />b'],
  ['<p class="x" style="color:red" onclick="y()">text</p>', '<p>text</p>'],
  ['<ul><li>one</li><li>two</li></ul><ol><li>1</li></ol>', '<ul><li>one</li><li>two</li></ul><ol><li>1</li></ol>'],
  [
    '<h1>1</h1><h2>2</h2><h3>3</h3><h4>4</h4><small>s</small><span>x</span>',
    '<h1>1</h1><h2>2</h2><h3>3</h3>4<small>s</small><span>x</span>',
  ],
  ['<a href="https://evil.example">click</a>', 'click'],
  ['<img src="x" onerror="alert(1)">text', 'text'],
  ['<script>alert(1)</script>text', 'text'],
  ['<style>body{display:none}</style>text', 'text'],
  ['<iframe src="//evil.example"></iframe>text', 'text'],
  ['<svg/onload=alert(1)>text', 'text'],
  ['<B ONCLICK=x>text</B>', '<b>text</b>'],
  ['a < b & c > d', 'a &lt; b &amp; c &gt; d'],
  ['&lt;script&gt;', '&lt;script&gt;'],
  ['<b>unclosed', '<b>unclosed</b>'],
])('%j is cleaned', async (message, expected) => {
  const cleaned = await cleanHtml(message);
  expect(cleaned).toBe(expected);
  expectHarmless(cleaned);
});

test.each([
  ['<h1>Tea</h1>is <b>rea</b>dy', 'Tea is ready'],
  ['one<br />two', 'one two'],
  ['<ul><li>one</li><li>two</li></ul>', 'one two'],
  ['a &lt;b&gt; &amp;amp; &quot;c&quot;', 'a <b> &amp; "c"'],
])('%j is read out as %j', (html, text) => {
  expect(plainText(html)).toBe(text);
});

test.each(['<script>x</script>', '<br><p> </p>', '<img src=x>', '&nbsp;'])(
  '%j leaves no text and is refused',
  async (message) => {
    await expect(readMessage(message)).rejects.toMatchObject({ code: 'BAD_PARAMS' });
  },
);

/** Nothing but allowed tags, none with an attribute, as an HTML parser sees it. */
function expectHarmless(html: string): void {
  const tags: string[] = [];
  const attributes: string[] = [];
  const parser = new Parser({
    onopentag: (name, given) => {
      tags.push(name);
      attributes.push(...Object.keys(given));
    },
    onprocessinginstruction: (name) => tags.push(name),
    oncomment: () => tags.push('comment'),
  });
  parser.end(html);
  expect(tags.filter((tag) => !(messageTags as readonly string[]).includes(tag))).toEqual([]);
  expect(attributes).toEqual([]);
}

/** Pieces that attacks on HTML filters are made of. */
const pieces = [
  ...[
    '<',
    '>',
    '</',
    '/>',
    '"',
    "'",
    '`',
    '=',
    '&',
    ';',
    '&#',
    '&#x3c;',
    '&lt;',
    '<!--',
    '-->',
    '<![CDATA[',
    ']]>',
    '<?',
    '\0',
    '\t',
    '\n',
  ],
  ...[
    'script',
    'style',
    'img',
    'svg',
    'math',
    'iframe',
    'noscript',
    'template',
    'textarea',
    'title',
    'xmp',
    'plaintext',
  ],
  ...[
    'b',
    'p',
    'span',
    'br',
    'ul',
    'li',
    'h1',
    'small',
    ' onerror=alert(1)',
    ' href=javascript:x',
    ' style=x:expression(y)',
  ],
  ...['text', ' ', 'é', '😀', '\u202e'],
];

test('no mixture of HTML pieces leaves anything but allowed tags without attributes', async () => {
  const hostile = fc.array(fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...pieces) }, fc.string()), {
    maxLength: 40,
  });
  await fc.assert(
    fc.asyncProperty(hostile, async (parts) => {
      const cleaned = await cleanHtml(parts.join(''));
      expectHarmless(cleaned);
      expect(await cleanHtml(cleaned)).toBe(cleaned);
      expect(plainText(cleaned)).not.toMatch(/\s\s/);
    }),
    { numRuns: 5_000 },
  );
});

test.each([
  ['nested tags', '<b>'.repeat(limits.messageTextLength / 4)],
  ['open brackets', '<'.repeat(limits.messageTextLength)],
  ['ampersands', '&'.repeat(limits.messageTextLength)],
  ['open comments', '<!--'.repeat(limits.messageTextLength / 4)],
  ['attributes', `<p ${'a '.repeat(limits.messageTextLength / 2 - 4)}>x`],
])('the longest message of %s is cleaned', async (_what, message) => {
  expectHarmless(await cleanHtml(message));
});

test('the first message is read while the screen is still loading the same parser', async () => {
  // In a process of its own: the test runner's loader has no such race.
  const program = `
    import { readMessage } from './agent/message-html.ts';
    const screen = import('./platform/drivers/simulator/screen/html.ts');
    const [{ html }] = await Promise.all([readMessage('<b>Lunch</b>'), screen]);
    process.stdout.write(html);
  `;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program]);
  expect(stdout).toBe('<b>Lunch</b>');
});
