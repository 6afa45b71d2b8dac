import type { Brush } from './canvas.ts';
import { screenSize } from './scene.ts';
import { disc, panel } from './shapes.ts';
import { textWidth, writeText } from './text.ts';
import { theme } from './theme.ts';

/** A short word from the box itself, at the top. */
export function drawToast(brush: Brush, toast: string): void {
  const look = { size: 26, weight: 600, maxWidth: 760 } as const;
  const width = Math.min(look.maxWidth, textWidth(brush, toast, look)) + 96;
  const box = { x: (screenSize.width - width) / 2, y: theme.safe.y, width, height: 62 };
  panel(brush, box, 31);
  disc(brush, box.x + 36, box.y + 31, 7, theme.colours.accent);
  writeText(brush, toast, box.x + 58, box.y + 40, look);
}
