import type { Brush } from './canvas.ts';
import { screenSize } from './scene.ts';
import { panel } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

/** The channel number as it is typed, with a dash where the next digit goes. */
export function drawDigits(brush: Brush, digits: string): void {
  const shown = `${digits.slice(0, 6)}–`;
  const width = 92 + shown.length * 44;
  const right = screenSize.width - theme.safe.x;
  panel(brush, { x: right - width, y: 112, width, height: 116 });
  writeText(brush, shown, right - width / 2, 194, { size: theme.size.number + 8, weight: 800, align: 'center' });
}
