import { parseHtml } from './html.ts';
import type { Measure } from './lines.ts';
import { layOut, type RichText } from './rich-text.ts';
import { screenSize } from './scene.ts';
import type { Box } from './shapes.ts';
import { theme } from './theme.ts';

const card = { width: 860, padding: 52, head: 74, foot: 72, least: 240 };
const tallest = screenSize.height - 2 * theme.safe.y;
/** Text up to this height is set larger. */
const short = 200;

export type { Measure };

type Point = { x: number; y: number };

/** Where a message's card and what is in it lie on the screen; `text.runs` are measured from `corner`. */
export type MessageLayout = {
  card: Box;
  /** The beginning of the title's baseline, behind its mark. */
  title: Point;
  corner: Point;
  text: RichText;
  /** The end of the baseline of what says how to close it. */
  hint: Point;
};

/** Lays a message out as a card as tall as its text needs. Pure: the box draws it so, and the ops console previews it so. */
export function layOutMessage(html: string, measure: Measure): MessageLayout {
  const text = layOutLargest(html, measure);
  const height = Math.max(card.least, card.head + text.height + card.foot);
  const x = (screenSize.width - card.width) / 2;
  const y = (screenSize.height - height) / 2;
  const left = x + card.padding;
  return {
    card: { x, y, width: card.width, height },
    title: { x: left + 36, y: y + 50 },
    corner: { x: left, y: y + card.head },
    text,
    hint: { x: x + card.width - card.padding, y: y + height - 30 },
  };
}

/** Whether a message has no text, whatever markup it has. */
export function isBlank(html: string): boolean {
  return parseHtml(html).every(({ spans }) => spans.every((span) => span === 'break' || span.text.trim() === ''));
}

/** The text in the largest size that leaves it short; long ones get the smallest. */
function layOutLargest(html: string, measure: Measure): RichText {
  const frame = { width: card.width - 2 * card.padding, measure };
  for (const size of [46, 38]) {
    const large = layOut(html, { ...frame, maxHeight: short, size });
    if (!large.truncated) return large;
  }
  return layOut(html, { ...frame, maxHeight: tallest - card.head - card.foot, size: theme.size.body + 2 });
}
