import type { Brush } from './canvas.ts';
import { fade } from './colour.ts';
import { type Scene, screenSize } from './scene.ts';
import { disc, fillRows } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

/** Nothing is on: the time, and how to go on. */
export function drawHome(brush: Brush, scene: Scene): void {
  fillRows(brush, { x: 0, y: 0, ...screenSize }, ['#0e1420', '#131c2e', '#1c2740']);
  for (let ring = 7; ring > 0; ring--) disc(brush, 1020, 660, ring * 105, fade('#3b5484', 0.07));
  const { x } = theme.safe;
  writeText(brush, scene.clock, x, 330, { size: 148, weight: 700 });
  writeText(brush, 'Nothing is playing', x + 6, 396, {
    size: theme.size.name,
    weight: 600,
    colour: theme.colours.soft,
  });
  writeText(brush, 'Press a number for a channel, or MENU', x + 6, 440, {
    size: theme.size.body - 2,
    colour: theme.colours.faint,
  });
  const foot = `${scene.model}  ·  firmware ${scene.firmware}`;
  writeText(brush, foot, x + 6, 676, { size: theme.size.hint, colour: theme.colours.faint, maxWidth: 900 });
}
