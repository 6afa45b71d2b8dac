import type { Brush } from './canvas.ts';
import { font, theme, type Weight } from './theme.ts';

export type TextLook = {
  size: number;
  weight?: Weight;
  colour?: string;
  align?: 'left' | 'center' | 'right';
  /** Longer text ends in an ellipsis. */
  maxWidth?: number;
};

/** The longest single-line text that is looked at; more never fits on the screen. */
const maxLength = 400;

/** Writes one line with its baseline at `y`; returns the width it took. */
export function writeText(brush: Brush, text: string, x: number, y: number, look: TextLook): number {
  brush.font = font(look.size, look.weight);
  brush.fillStyle = look.colour ?? theme.colours.text;
  brush.textAlign = look.align ?? 'left';
  brush.textBaseline = 'alphabetic';
  const shown = look.maxWidth === undefined ? oneLine(text) : shorten(brush, oneLine(text), look.maxWidth);
  brush.fillText(shown, x, y);
  return brush.measureText(shown).width;
}

/** The width one line would take if nothing shortened it. */
export function textWidth(brush: Brush, text: string, look: TextLook): number {
  brush.font = font(look.size, look.weight);
  return brush.measureText(oneLine(text)).width;
}

/** Writes a text over at most `lines` lines, broken at spaces; returns the number of lines it took. */
export function writeLines(
  brush: Brush,
  text: string,
  x: number,
  y: number,
  look: TextLook & { maxWidth: number; lines: number },
): number {
  brush.font = font(look.size, look.weight);
  const broken: string[] = [''];
  for (const word of oneLine(text).split(' ')) {
    const line = broken.at(-1) ?? '';
    const longer = line === '' ? word : `${line} ${word}`;
    const fits = line === '' || brush.measureText(longer).width <= look.maxWidth;
    if (fits || broken.length === look.lines) broken[broken.length - 1] = longer;
    else broken.push(word);
  }
  for (const [index, line] of broken.entries()) writeText(brush, line, x, y + index * look.size * 1.4, look);
  return broken.length;
}

/** A text made safe to measure and draw: well formed, no control or direction characters, no towers of accents. */
export function cleanText(text: string): string {
  return text
    .toWellFormed()
    .replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replace(/(\p{M}{4})\p{M}+/gu, '$1');
}

function oneLine(text: string): string {
  return cleanText(text.slice(0, maxLength)).replace(/\s+/g, ' ').trim();
}

/** The longest beginning that fits, with an ellipsis; the text itself where it fits. */
function shorten(brush: Brush, text: string, maxWidth: number): string {
  if (brush.measureText(text).width <= maxWidth) return text;
  const characters = [...text];
  let low = 0;
  let high = characters.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    const width = brush.measureText(`${characters.slice(0, middle).join('')}…`).width;
    if (width <= maxWidth) low = middle;
    else high = middle - 1;
  }
  return `${characters.slice(0, low).join('').trimEnd()}…`;
}
