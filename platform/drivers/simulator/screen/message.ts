import type { Brush } from './canvas.ts';
import { fade } from './colour.ts';
import { createMeasure, drawRun } from './paragraph.ts';
import { layOut, type RichText } from './rich-text.ts';
import { type Scene, screenSize } from './scene.ts';
import { panel, roundBox } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

const card = { width: 860, padding: 52, head: 74, foot: 72, least: 240 };
const tallest = screenSize.height - 2 * theme.safe.y;
/** Text up to this height is set larger. */
const short = 200;

/** A message over the screen: a card as tall as its text needs, with the key that closes it. */
export function drawMessage(brush: Brush, message: NonNullable<Scene['message']>): void {
  const text = layOutLargest(brush, message.html);
  const height = Math.max(card.least, card.head + text.height + card.foot);
  const box = {
    x: (screenSize.width - card.width) / 2,
    y: (screenSize.height - height) / 2,
    width: card.width,
    height,
  };
  brush.fillStyle = fade(theme.colours.black, 0.45);
  brush.fillRect(0, 0, screenSize.width, screenSize.height);
  panel(brush, box);
  const left = box.x + card.padding;
  drawHead(brush, message.title ?? 'Message', left, box.y + 50);
  for (const run of text.runs) drawRun(brush, run, left, box.y + card.head);
  drawHint(brush, box.x + box.width - card.padding, box.y + box.height - 30);
}

/** The text in the largest size that leaves it short; long ones get the smallest. */
function layOutLargest(brush: Brush, html: string): RichText {
  const frame = { width: card.width - 2 * card.padding, measure: createMeasure(brush) };
  for (const size of [46, 38]) {
    const large = layOut(html, { ...frame, maxHeight: short, size });
    if (!large.truncated) return large;
  }
  return layOut(html, { ...frame, maxHeight: tallest - card.head - card.foot, size: theme.size.body + 2 });
}

function drawHead(brush: Brush, title: string, x: number, y: number): void {
  brush.fillStyle = theme.colours.accent;
  roundBox(brush, { x, y: y - 18, width: 22, height: 22 }, 7);
  const look = {
    size: 21,
    weight: 600,
    colour: theme.colours.soft,
    maxWidth: card.width - 2 * card.padding - 40,
  } as const;
  writeText(brush, title, x + 36, y, look);
}

function drawHint(brush: Brush, right: number, y: number): void {
  const width = writeText(brush, 'closes', right, y, {
    size: theme.size.hint,
    colour: theme.colours.faint,
    align: 'right',
  });
  brush.fillStyle = theme.colours.track;
  roundBox(brush, { x: right - width - 62, y: y - 23, width: 50, height: 31 }, 9);
  writeText(brush, 'OK', right - width - 37, y - 1, { size: 17, weight: 700, align: 'center' });
}
