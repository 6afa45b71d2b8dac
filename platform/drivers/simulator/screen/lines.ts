import type { Block, TextStyle } from './html.ts';
import { toWords } from './words.ts';

/** How a run of text looks; `size` in pixels. */
export type Look = TextStyle & { size: number };

/** The width of a text in pixels. */
export type Measure = (text: string, look: Look) => number;

/** Text with its width. */
export type Placed = { text: string; look: Look; width: number };

/** One line; `size` is that of its block's text. */
export type Line = { pieces: Placed[]; width: number; size: number };

const smallScale = 0.76;
const ellipsis = '…';
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Breaks a block into lines of at most `width`; lazily, so that nothing is measured beyond the end of the frame. */
export function* breakLines(block: Block, size: number, width: number, measure: Measure): Generator<Line> {
  const heading = block.kind !== 'text';
  const toLook = (style: TextStyle): Look => ({
    ...style,
    bold: style.bold || heading,
    size: style.small ? size * smallScale : size,
  });
  let line = emptyLine(size);
  let unfinished = block.item;
  for (const word of toWords(block.spans)) {
    unfinished = word !== 'break';
    if (word === 'break') {
      yield line;
      line = emptyLine(size);
      continue;
    }
    let rest = word.pieces.map(({ text, style }) => placed(text, toLook(style), measure));
    const { spaceBefore } = word;
    const spaced = spaceBefore !== null && line.pieces.length > 0;
    const space = spaced ? [placed(' ', toLook(spaceBefore), measure)] : [];
    if (line.pieces.length > 0 && line.width + widthOf(space) + widthOf(rest) > width) {
      yield line;
      line = emptyLine(size);
    } else append(line, space);
    while (line.pieces.length === 0 && widthOf(rest) > width) {
      const [head, tail] = splitPieces(rest, width, measure);
      yield append(emptyLine(size), head);
      rest = tail;
    }
    append(line, rest);
  }
  if (unfinished) yield line;
}

/** The line with an ellipsis at its end, shortened until both fit in `width`. */
export function cutLine(line: Line, width: number, measure: Measure): Line {
  const plain: Look = { bold: false, italic: false, underline: false, small: false, size: line.size };
  const dots = placed(ellipsis, { ...(line.pieces.at(-1)?.look ?? plain), underline: false }, measure);
  const room = width - dots.width;
  const kept = widthOf(line.pieces) <= room ? [...line.pieces] : splitPieces(line.pieces, room, measure)[0];
  while (kept.at(-1)?.text === ' ') kept.pop();
  return append(emptyLine(line.size), [...kept, dots]);
}

function emptyLine(size: number): Line {
  return { pieces: [], width: 0, size };
}

function append(line: Line, pieces: readonly Placed[]): Line {
  for (const piece of pieces) {
    line.pieces.push(piece);
    line.width += piece.width;
  }
  return line;
}

function placed(text: string, look: Look, measure: Measure): Placed {
  return { text, look, width: measure(text, look) };
}

function widthOf(pieces: readonly Placed[]): number {
  return pieces.reduce((sum, piece) => sum + piece.width, 0);
}

/** Splits pieces that are too wide: as much as fits in `width`, at least one character, and the rest. */
function splitPieces(pieces: readonly Placed[], width: number, measure: Measure): [head: Placed[], tail: Placed[]] {
  const head: Placed[] = [];
  let room = width;
  for (const [index, piece] of pieces.entries()) {
    if (piece.width <= room) {
      head.push(piece);
      room -= piece.width;
      continue;
    }
    const characters = Array.from(graphemes.segment(piece.text), (part) => part.segment);
    const count = Math.max(countFitting(characters, room, piece.look, measure), head.length === 0 ? 1 : 0);
    const part = (from: number, to: number): Placed[] =>
      from === to ? [] : [placed(characters.slice(from, to).join(''), piece.look, measure)];
    head.push(...part(0, count));
    return [head, [...part(count, characters.length), ...pieces.slice(index + 1)]];
  }
  return [head, []];
}

/** How many of the characters fit in `width`, found by halving. */
function countFitting(characters: readonly string[], width: number, look: Look, measure: Measure): number {
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (measure(characters.slice(0, middle).join(''), look) <= width) low = middle;
    else high = middle - 1;
  }
  return low;
}
