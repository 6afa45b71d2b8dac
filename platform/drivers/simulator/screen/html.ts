import { Parser } from 'htmlparser2';

export type TextStyle = { bold: boolean; italic: boolean; underline: boolean; small: boolean };

/** A piece of text in one style. */
export type Span = { text: string; style: TextStyle };
export type Break = 'break';

/** A paragraph, a heading or a list item. `depth` counts the lists around it, `marker` is an item's bullet or number. */
export type Block = {
  kind: 'text' | 'h1' | 'h2' | 'h3';
  depth: number;
  marker?: string;
  item: boolean;
  spans: (Span | Break)[];
};

export const htmlLimits = {
  /** Characters that are read; twice what a MESSAGE may have, and many times what fits on a screen. */
  characters: 16_384,
  /** Lists in lists that are indented; deeper ones stand where the deepest does. */
  listDepth: 5,
} as const;

const styleTags: Record<string, keyof TextStyle> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  small: 'small',
};
const bullets = ['•', '◦', '–'];
/** Elements whose text is not something to read: those that the agent's sanitiser drops with their text, too. */
const silentTags = new Set(['script', 'style', 'textarea', 'option', 'xmp']);

/**
 * Reads the simple HTML of a message into blocks. Unknown tags show only their text; nothing throws, however broken the
 * HTML is.
 */
export function parseHtml(html: string): Block[] {
  const blocks: Block[] = [];
  const lists: { ordered: boolean; count: number }[] = [];
  const open = { bold: 0, italic: 0, underline: 0, small: 0 };
  let silent = 0;
  let current: Block | null = null;

  const depth = () => Math.min(lists.length, htmlLimits.listDepth);
  const start = (kind: Block['kind'], marker?: string): Block => {
    current = {
      kind,
      depth: depth(),
      item: marker !== undefined,
      spans: [],
      ...(marker === undefined ? {} : { marker }),
    };
    blocks.push(current);
    return current;
  };
  const startItem = () => {
    const list = lists.at(-1);
    if (list === undefined) return start('text', '•');
    list.count += 1;
    return start('text', list.ordered ? `${list.count}.` : bullets[(lists.length - 1) % bullets.length]);
  };
  /** A paragraph or heading: the item's own line where the item has no text yet. */
  const startBlock = (kind: Block['kind']) => {
    if (current?.item && !hasText(current)) current.kind = kind;
    else start(kind);
  };
  const add = (text: string) => {
    const style: TextStyle = {
      bold: open.bold > 0,
      italic: open.italic > 0,
      underline: open.underline > 0,
      small: open.small > 0,
    };
    const { spans } = current ?? start('text');
    const previous = spans.at(-1);
    if (previous !== undefined && previous !== 'break' && sameStyle(previous.style, style)) previous.text += text;
    else spans.push({ text, style });
  };

  const parser = new Parser({
    onopentag(tag) {
      const style = styleTags[tag];
      if (style !== undefined) open[style] += 1;
      else if (tag === 'br') (current ?? start('text')).spans.push('break');
      else if (tag === 'ul' || tag === 'ol') {
        lists.push({ ordered: tag === 'ol', count: 0 });
        current = null;
      } else if (tag === 'li') startItem();
      else if (tag === 'p') startBlock('text');
      else if (tag === 'h1' || tag === 'h2' || tag === 'h3') startBlock(tag);
      else if (silentTags.has(tag)) silent += 1;
    },
    onclosetag(tag) {
      const style = styleTags[tag];
      if (style !== undefined) open[style] -= 1;
      else if (silentTags.has(tag)) silent -= 1;
      else if (tag === 'ul' || tag === 'ol') lists.pop();
      if (['ul', 'ol', 'li', 'p', 'h1', 'h2', 'h3'].includes(tag)) current = null;
    },
    ontext(text) {
      // White space between blocks starts no paragraph.
      if (silent > 0 || (current === null && text.trim() === '')) return;
      add(text);
    },
  });
  parser.end(html.slice(0, htmlLimits.characters));
  return blocks.filter((block) => block.item || hasText(block));
}

function hasText(block: Block): boolean {
  return block.spans.some((span) => span !== 'break' && /[^ \t\n\r\f]/.test(span.text));
}

export function sameStyle(one: TextStyle, other: TextStyle): boolean {
  const sameFont = one.bold === other.bold && one.italic === other.italic;
  return sameFont && one.underline === other.underline && one.small === other.small;
}
