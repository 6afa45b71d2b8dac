import type { Brush } from './canvas.ts';
import { createMeasure, drawRun } from './paragraph.ts';
import { layOut, type Run } from './rich-text.ts';
import { type Scene, screenSize } from './scene.ts';
import { disc, fillRows, roundBox } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

const text = { width: 1040, maxHeight: 300, size: 36 };
const middle = { x: screenSize.width / 2, y: 176 };

/** The operator has cut the box off: a wall with a padlock and what the operator says, and nothing behind it. */
export function drawBlocked(brush: Brush, { html }: NonNullable<Scene['blocked']>, scene: Scene): void {
  fillRows(brush, { x: 0, y: 0, ...screenSize }, ['#170b0f', '#211318', '#140c12']);
  drawPadlock(brush);
  const { runs, height } = layOut(html, { ...text, measure: createMeasure(brush) });
  const top = 290 + (text.maxHeight - height) / 2;
  for (const line of Map.groupBy(runs, ({ y }) => y).values()) drawCentred(brush, line, top);
  const foot = `${scene.model}  ·  firmware ${scene.firmware}`;
  writeText(brush, foot, middle.x, 676, { size: theme.size.hint, colour: theme.colours.faint, align: 'center' });
}

/** The runs of one line, moved to the middle of the screen. */
function drawCentred(brush: Brush, line: readonly Run[], top: number): void {
  const start = Math.min(...line.map(({ x }) => x));
  const end = Math.max(...line.map(({ x, width }) => x + width));
  for (const run of line) drawRun(brush, run, middle.x - (start + end) / 2, top);
}

function drawPadlock(brush: Brush): void {
  disc(brush, middle.x, middle.y, 84, '#3a1a20');
  brush.strokeStyle = theme.colours.alert;
  brush.lineWidth = 11;
  brush.beginPath();
  brush.arc(middle.x, middle.y - 10, 23, Math.PI, 0);
  brush.lineTo(middle.x + 23, middle.y + 4);
  brush.moveTo(middle.x - 23, middle.y - 10);
  brush.lineTo(middle.x - 23, middle.y + 4);
  brush.stroke();
  brush.fillStyle = theme.colours.alert;
  roundBox(brush, { x: middle.x - 38, y: middle.y - 2, width: 76, height: 54 }, 11);
  disc(brush, middle.x, middle.y + 20, 7, '#3a1a20');
  brush.fillStyle = '#3a1a20';
  roundBox(brush, { x: middle.x - 3, y: middle.y + 20, width: 6, height: 17 }, 3);
}
