import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { layOut, type RichText } from '../../platform/drivers/simulator/screen/rich-text.ts';

/** A font in which every character is half as wide as it is high. */
const measure = (text: string, look: { size: number }) => (text.length * look.size) / 2;
const frame = { width: 400, maxHeight: 400, size: 20, measure };

/** The text of each line, from top to bottom, without markers. */
function linesOf(text: RichText): string[] {
  const lines = new Map<number, string>();
  for (const run of text.runs) lines.set(run.y, (lines.get(run.y) ?? '') + run.text);
  return [...lines.entries()].sort(([one], [other]) => one - other).map(([, line]) => line);
}

function runOf(html: string, text: string) {
  const run = layOut(html, frame).runs.find((each) => each.text.includes(text));
  if (run === undefined) throw new Error(`no run with ${text} in ${html}`);
  return run;
}

describe('lines', () => {
  test('text wraps at spaces and no line is wider than the frame', () => {
    const text = layOut('one two three four five six seven eight nine ten eleven twelve', frame);
    expect(linesOf(text)).toEqual(['one two three four five six seven eight', 'nine ten eleven twelve']);
    expect(text.width).toBeLessThanOrEqual(frame.width);
  });

  test('white space counts as one space, and none begins a line', () => {
    expect(linesOf(layOut('  one \n\t  two <b> three</b>', frame))).toEqual(['one two three']);
  });

  test('a word in several styles stays whole', () => {
    const text = layOut(`${'x'.repeat(36)} un<b>break</b>able`, frame);
    expect(linesOf(text)).toEqual(['x'.repeat(36), 'unbreakable']);
  });

  test('a line may break after a hyphen and between ideographs', () => {
    expect(linesOf(layOut(`${'x'.repeat(30)} twenty-something`, frame))).toEqual([
      `${'x'.repeat(30)} twenty-`,
      'something',
    ]);
    expect(linesOf(layOut('漢'.repeat(45), frame))).toEqual(['漢'.repeat(40), '漢'.repeat(5)]);
  });

  test('a word longer than a line is broken where the line is full', () => {
    expect(linesOf(layOut('x'.repeat(90), frame))).toEqual(['x'.repeat(40), 'x'.repeat(40), 'x'.repeat(10)]);
  });

  test('an emoji of several code points is not broken in two', () => {
    const family = '👩‍👩‍👧';
    for (const line of linesOf(layOut(family.repeat(20), frame))) expect(line.replaceAll(family, '')).toBe('');
  });

  test('br breaks a line, two leave an empty one, and one at the end leaves none', () => {
    const { runs, height } = layOut('a<br>b<br><br>c<br>', frame);
    const [a, b, c] = runs.map((run) => run.y);
    expect(c! - b!).toBeCloseTo(2 * (b! - a!));
    expect(height).toBeCloseTo(4 * (b! - a!));
  });
});

describe('styles', () => {
  test.each([
    ['<b>x</b>', { bold: true }],
    ['<strong>x</strong>', { bold: true }],
    ['<i>x</i>', { italic: true }],
    ['<em>x</em>', { italic: true }],
    ['<u>x</u>', { underline: true }],
    ['<small>x</small>', { small: true }],
    ['<b><i><u>x</u></i></b>', { bold: true, italic: true, underline: true }],
    ['<span>x</span>', { bold: false, italic: false, underline: false, small: false }],
    ['<b>a</b>x', { bold: false }],
  ])('%s', (html, look) => {
    expect(runOf(html, 'x').look).toMatchObject(look);
  });

  test('headings are bold and get smaller from h1 to h3, small text is smaller than plain', () => {
    const sizes = ['<h1>x</h1>', '<h2>x</h2>', '<h3>x</h3>', 'x', '<small>x</small>'].map(
      (html) => runOf(html, 'x').look.size,
    );
    expect(sizes).toEqual([...sizes].sort((one, other) => other - one));
    expect(new Set(sizes).size).toBe(5);
    expect(runOf('<h2>x</h2>', 'x').look.bold).toBe(true);
  });

  test('neighbours of one style are one run', () => {
    expect(layOut('one two <b>three four</b> five', frame).runs.map((run) => run.text)).toEqual([
      'one two ',
      'three four',
      ' five',
    ]);
  });
});

describe('blocks', () => {
  test('a paragraph stands on lines of its own', () => {
    expect(linesOf(layOut('before<p>inside</p>after', frame))).toEqual(['before', 'inside', 'after']);
  });

  test('ul has bullets and ol counts, left of the text', () => {
    const list = layOut('<ul><li>one</li><li>two</li></ul><ol><li>three</li><li>four</li></ol>', frame);
    expect(linesOf(list)).toEqual(['•one', '•two', '1.three', '2.four']);
    const [marker, text] = [
      list.runs.find((run) => run.text === '1.')!,
      list.runs.find((run) => run.text === 'three')!,
    ];
    expect(marker.x + marker.width).toBeLessThan(text.x);
  });

  test('a list in a list is further in, with another bullet, and its outer list counts on', () => {
    const html = '<ol><li>a<ul><li>b</li></ul></li><li>c</li></ol>';
    expect(linesOf(layOut(html, frame))).toEqual(['1.a', '◦b', '2.c']);
    expect(runOf(html, 'b').x).toBeGreaterThan(runOf(html, 'a').x);
    expect(runOf(html, 'c').x).toBe(runOf(html, 'a').x);
  });

  test('a wrapped item continues under its text, not under its bullet', () => {
    const text = layOut(`<ul><li>${'word '.repeat(12)}</li></ul>`, frame);
    const words = text.runs.filter((run) => run.text.startsWith('word'));
    expect(words).toHaveLength(2);
    expect(new Set(words.map((run) => run.x)).size).toBe(1);
  });

  test('a paragraph in an item is on the line of its bullet', () => {
    expect(linesOf(layOut('<ul><li><p>one</p></li></ul>', frame))).toEqual(['•one']);
  });
});

describe('what is left out', () => {
  test('an unknown tag shows only its text', () => {
    expect(linesOf(layOut('<marquee onclick="x">Hello <blink>there</blink></marquee>', frame))).toEqual([
      'Hello there',
    ]);
  });

  test('the text of a script or a style sheet is not shown', () => {
    expect(linesOf(layOut('<script>alert(1)</script><style>p{}</style>Hello', frame))).toEqual(['Hello']);
  });

  test('entities are shown as what they stand for, never read as tags', () => {
    expect(linesOf(layOut('Fish &amp; chips &lt;b&gt; 5&nbsp;&euro;', frame))).toEqual(['Fish & chips <b> 5\u00a0€']);
  });

  test('characters that turn the direction of text are left out', () => {
    expect(linesOf(layOut('abc\u202edef', frame))).toEqual(['abc def']);
  });

  test.each(['', '   ', '<p></p>', '<b><i></i></b>', '<!-- x -->'])('%j is nothing', (html) => {
    expect(layOut(html, frame)).toEqual({ runs: [], width: 0, height: 0, truncated: false });
  });
});

describe('a frame that is too small', () => {
  const long = '<p>word word word word word word word word word word word</p>'.repeat(30);

  test('the last line that fits ends in an ellipsis', () => {
    const text = layOut(long, frame);
    expect(text.truncated).toBe(true);
    expect(linesOf(text).at(-1)).toMatch(/word…$/);
    expect(text.height).toBeLessThanOrEqual(frame.maxHeight);
    expect(text.width).toBeLessThanOrEqual(frame.width);
  });

  test('a text that just fits has no ellipsis', () => {
    const text = layOut('one<br>two', { ...frame, maxHeight: layOut('one<br>two', frame).height });
    expect(text.truncated).toBe(false);
    expect(linesOf(text)).toEqual(['one', 'two']);
  });

  test('without room for one line there is nothing', () => {
    expect(layOut(long, { ...frame, maxHeight: 5 })).toMatchObject({ runs: [], truncated: true });
  });
});

describe('hostile HTML', () => {
  test.each([
    ['100,000 letters', 'x'.repeat(100_000)],
    ['30,000 open tags', '<b>'.repeat(30_000)],
    ['wrongly closed tags', `${'<b>'.repeat(9_000)}${'</i>'.repeat(9_000)}x`],
    ['10,000 nested lists', `${'<ul><li>'.repeat(10_000)}x`],
    ['100,000 accents on one letter', `e${'\u0301'.repeat(100_000)}`],
    ['100,000 angle brackets', '<'.repeat(100_000)],
    ['25,000 line breaks', '<br>'.repeat(25_000)],
    ['half a surrogate pair', '\ud83d'.repeat(100)],
    ['an entity that is too large', '&#99999999999;x'],
  ])('%s stay within the frame', (_, html) => {
    const { height } = layOut(html, frame);
    expect(height).toBeLessThanOrEqual(frame.maxHeight);
  });

  test('whatever the tags and words, the text stays within the frame and is well formed', () => {
    const tag = fc.constantFrom(
      'b',
      'i',
      'u',
      'small',
      'p',
      'br',
      'ul',
      'ol',
      'li',
      'h1',
      'h2',
      'h3',
      'span',
      'div',
      'script',
    );
    const part = fc.oneof(
      tag.map((name) => `<${name}>`),
      tag.map((name) => `</${name}>`),
      fc.string({ unit: 'grapheme', maxLength: 60 }),
      fc.constantFrom(' ', '&amp;', '<', '-', '漢字', '\u0301\u0301'),
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const text = layOut(parts.join(''), frame);
        expect(text.height).toBeLessThanOrEqual(frame.maxHeight);
        for (const run of text.runs) {
          expect(run.text.isWellFormed()).toBe(true);
          expect(run.x).toBeGreaterThanOrEqual(0);
          expect(run.width).toBeCloseTo(measure(run.text, run.look));
        }
      }),
      { numRuns: 300 },
    );
  });
});
