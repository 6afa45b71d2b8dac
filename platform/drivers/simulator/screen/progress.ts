import type { Brush } from './canvas.ts';
import { fade } from './colour.ts';
import { screenSize } from './scene.ts';
import { bar, panel } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

const box = { x: 260, y: 262, width: 760, height: 196 };

/** Something long that must not be interrupted, such as a firmware upgrade. */
export function drawProgress(brush: Brush, { label, percent }: { label: string; percent: number }): void {
  brush.fillStyle = fade(theme.colours.black, 0.5);
  brush.fillRect(0, 0, screenSize.width, screenSize.height);
  panel(brush, box);
  const left = box.x + 48;
  const right = box.x + box.width - 48;
  const shown = `${Math.round(Math.min(100, Math.max(0, percent)))} %`;
  writeText(brush, label, left, box.y + 70, { size: theme.size.name, weight: 700, maxWidth: 540 });
  writeText(brush, shown, right, box.y + 70, {
    size: theme.size.name,
    weight: 700,
    align: 'right',
    colour: theme.colours.accent,
  });
  bar(brush, { x: left, y: box.y + 98, width: right - left, height: 14 }, percent);
  writeText(brush, 'Please leave the box switched on.', left, box.y + 154, { size: 24, colour: theme.colours.soft });
}
