import type { Brush } from './canvas.ts';
import { type Scene, screenSize } from './scene.ts';
import { fillRows, roundBox } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

/** The logo while the box starts, with its model and firmware. */
export function drawBoot(brush: Brush, scene: Scene): void {
  fillRows(brush, { x: 0, y: 0, ...screenSize }, ['#06080d', '#0d121c', '#06080d']);
  const middle = screenSize.width / 2;
  drawMark(brush, middle, 262);
  const look = { align: 'center', maxWidth: 1000 } as const;
  writeText(brush, scene.model, middle, 430, { ...look, size: theme.size.title + 8, weight: 800 });
  writeText(brush, `Firmware ${scene.firmware}`, middle, 476, {
    ...look,
    size: theme.size.body,
    colour: theme.colours.soft,
  });
  for (let dot = 0; dot < 3; dot++) {
    const lit = Math.floor(scene.at / 400) % 3 === dot;
    brush.fillStyle = lit ? theme.colours.accent : theme.colours.track;
    roundBox(brush, { x: middle - 38 + dot * 30, y: 560, width: 16, height: 16 }, 8);
  }
}

/** A box with waves above it. */
function drawMark(brush: Brush, x: number, y: number): void {
  brush.strokeStyle = theme.colours.accent;
  brush.lineWidth = 11;
  brush.lineCap = 'round';
  for (const [index, radius] of [34, 64, 94].entries()) {
    brush.globalAlpha = 1 - index * 0.28;
    brush.beginPath();
    brush.arc(x, y + 26, radius, -Math.PI * 0.76, -Math.PI * 0.24);
    brush.stroke();
  }
  brush.globalAlpha = 1;
  brush.fillStyle = theme.colours.text;
  roundBox(brush, { x: x - 86, y: y + 30, width: 172, height: 50 }, 14);
  brush.fillStyle = theme.colours.night;
  roundBox(brush, { x: x - 62, y: y + 50, width: 56, height: 10 }, 5);
  brush.fillStyle = theme.colours.accent;
  roundBox(brush, { x: x + 48, y: y + 49, width: 12, height: 12 }, 6);
}
