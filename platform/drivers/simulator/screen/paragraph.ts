import type { Brush } from './canvas.ts';
import type { Look } from './lines.ts';
import type { Run } from './rich-text.ts';
import { font, theme } from './theme.ts';

/** Draws a piece of laid out text in a frame whose corner is at `left` and `top`. */
export function drawRun(brush: Brush, { text, look, width, x, y }: Run, left: number, top: number): void {
  brush.font = fontOf(look);
  brush.textAlign = 'left';
  brush.fillStyle = look.small && text.length > 2 ? theme.colours.soft : theme.colours.text;
  brush.fillText(text, left + x, top + y);
  if (look.underline) brush.fillRect(left + x, top + y + look.size * 0.12, width, Math.max(2, look.size * 0.06));
}

/** Measures with the canvas, each text once. */
export function createMeasure(brush: Brush): (text: string, look: Look) => number {
  const widths = new Map<string, number>();
  return (text, look) => {
    const css = fontOf(look);
    const key = `${css} ${text}`;
    const known = widths.get(key);
    if (known !== undefined) return known;
    brush.font = css;
    const { width } = brush.measureText(text);
    widths.set(key, width);
    return width;
  };
}

function fontOf({ size, bold, italic }: Look): string {
  return font(size, bold ? 700 : 400, italic);
}
