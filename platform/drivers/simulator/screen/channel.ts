import type { Brush } from './canvas.ts';
import { fade } from './colour.ts';
import { createRandom } from './random.ts';
import { type Background, screenSize } from './scene.ts';
import { sceneryFor } from './scenery/index.ts';
import { disc, polygon, roundBox } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

const marks = ['#ff6f61', '#ffb454', '#7bd389', '#58a6ff', '#c792ea', '#f4f1ea'] as const;

/** A TV channel: a programme that is its own, and its logo in the corner. */
export function drawChannel(brush: Brush, background: Background, seconds: number): void {
  const name = background.name ?? background.id ?? 'Channel';
  const random = createRandom(`${background.id ?? ''}/${name}/${background.number ?? ''}`);
  const mark = random.pick(marks);
  const shape = random.pick(['disc', 'square', 'diamond']);
  brush.save();
  sceneryFor(name, random)(brush, random, seconds);
  brush.restore();
  drawLogo(brush, name, mark, shape);
}

function drawLogo(brush: Brush, name: string, colour: string, shape: string): void {
  const right = screenSize.width - theme.safe.x;
  const y = theme.safe.y + 24;
  const look = { size: 28, weight: 800, align: 'right', maxWidth: 300 } as const;
  writeText(brush, name, right + 1.5, y + 11.5, { ...look, colour: fade(theme.colours.black, 0.4) });
  const width = writeText(brush, name, right, y + 10, { ...look, colour: fade('#ffffff', 0.92) });
  const x = right - width - 30;
  if (shape === 'disc') disc(brush, x, y, 15, colour);
  else if (shape === 'diamond') polygon(brush, [x, y - 18, x + 18, y, x, y + 18, x - 18, y], colour);
  else {
    brush.fillStyle = colour;
    roundBox(brush, { x: x - 15, y: y - 15, width: 30, height: 30 }, 8);
  }
  disc(brush, x, y, 5, fade(theme.colours.night, 0.85));
}
