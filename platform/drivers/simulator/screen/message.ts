import type { Brush } from './canvas.ts';
import { fade } from './colour.ts';
import { layOutMessage, type MessageLayout } from './message-layout.ts';
import { createMeasure, drawRun } from './paragraph.ts';
import { type Scene, screenSize } from './scene.ts';
import { panel, roundBox } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

/** A message over the screen, with the key that closes it. */
export function drawMessage(brush: Brush, message: NonNullable<Scene['message']>): void {
  const layout = layOutMessage(message.html, createMeasure(brush));
  const { card, corner, text } = layout;
  brush.fillStyle = fade(theme.colours.black, 0.45);
  brush.fillRect(0, 0, screenSize.width, screenSize.height);
  panel(brush, card);
  drawTitle(brush, message.title ?? 'Message', layout);
  for (const run of text.runs) drawRun(brush, run, corner.x, corner.y);
  drawHint(brush, layout);
}

function drawTitle(brush: Brush, text: string, { title: { x, y }, hint }: MessageLayout): void {
  brush.fillStyle = theme.colours.accent;
  roundBox(brush, { x: x - 36, y: y - 18, width: 22, height: 22 }, 7);
  writeText(brush, text, x, y, { size: 21, weight: 600, colour: theme.colours.soft, maxWidth: hint.x - x - 4 });
}

function drawHint(brush: Brush, { hint: { x, y } }: MessageLayout): void {
  const width = writeText(brush, 'closes', x, y, {
    size: theme.size.hint,
    colour: theme.colours.faint,
    align: 'right',
  });
  brush.fillStyle = theme.colours.track;
  roundBox(brush, { x: x - width - 62, y: y - 23, width: 50, height: 31 }, 9);
  writeText(brush, 'OK', x - width - 37, y - 1, { size: 17, weight: 700, align: 'center' });
}
