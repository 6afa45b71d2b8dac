import type { Break, Span, TextStyle } from './html.ts';
import { cleanText } from './text.ts';

/**
 * Text that is never broken across lines, in one or more styles: `un<b>break</b>able` has three pieces. `spaceBefore` is the
 * style of the space between it and the word before, null where there is none.
 */
export type Word = { pieces: Piece[]; spaceBefore: TextStyle | null };
export type Piece = { text: string; style: TextStyle };

/** A longer run without a space counts as several words; it does not fit a line anyway. */
const longestWord = 200;

const ideograph = '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}';
const gap = '\\u200b\\u00ad';
/** Spaces, invisible breaks, one ideograph, or a word with the hyphens that end it. */
const tokens = new RegExp(
  `(?<space> +)|(?<gap>[${gap}])|(?<ideograph>[${ideograph}])|(?:[^ ${gap}${ideograph}-]{1,${longestWord}}-*|-{1,${longestWord}})`,
  'gu',
);

/** Cuts spans into words and forced breaks. A line may break at spaces, after hyphens and between ideographs. */
export function toWords(spans: readonly (Span | Break)[]): (Word | Break)[] {
  const words: (Word | Break)[] = [];
  /** The word that text without a space before it still belongs to. */
  let open: Word | null = null;
  let spaceBefore: TextStyle | null = null;
  for (const span of spans) {
    if (span === 'break') {
      words.push('break');
      open = null;
      spaceBefore = null;
      continue;
    }
    for (const match of cleanText(span.text).matchAll(tokens)) {
      const token = match[0];
      const { space, gap, ideograph } = match.groups ?? {};
      if (space !== undefined || gap !== undefined) {
        open = null;
        if (space !== undefined) spaceBefore ??= span.style;
        continue;
      }
      if (open === null || ideograph !== undefined) {
        open = { pieces: [], spaceBefore };
        words.push(open);
        spaceBefore = null;
      }
      open.pieces.push({ text: token, style: span.style });
      if (ideograph !== undefined || token.endsWith('-') || token.length >= longestWord) open = null;
    }
  }
  return words;
}
