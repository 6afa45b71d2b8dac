import type { Brush } from './canvas.ts';
import { fade } from './colour.ts';
import { type Scene, screenSize } from './scene.ts';
import { panel, roundBox } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

type Menu = NonNullable<Scene['menu']>;

const rowHeight = 64;
const rowsShown = 7;
const box = { x: theme.safe.x, y: 76, width: 500, height: 568 };

/** A list to choose from, at the left; it scrolls so that the chosen line is always in view. */
export function drawMenu(brush: Brush, menu: Menu): void {
  brush.fillStyle = fade(theme.colours.black, 0.35);
  brush.fillRect(0, 0, screenSize.width, screenSize.height);
  panel(brush, box);
  writeText(brush, menu.title, box.x + 40, box.y + 66, {
    size: theme.size.title - 4,
    weight: 700,
    maxWidth: box.width - 80,
  });
  const first = Math.max(0, Math.min(menu.selected - Math.floor(rowsShown / 2), menu.items.length - rowsShown));
  for (const [row, item] of menu.items.slice(first, first + rowsShown).entries()) {
    drawRow(brush, item, box.y + 98 + row * rowHeight, first + row === menu.selected);
  }
  if (menu.items.length > rowsShown) drawScroll(brush, first, menu.items.length);
}

function drawRow(brush: Brush, item: string, y: number, selected: boolean): void {
  if (selected) {
    brush.fillStyle = theme.colours.accent;
    roundBox(brush, { x: box.x + 20, y, width: box.width - 52, height: rowHeight - 6 }, 14);
  }
  writeText(brush, item, box.x + 42, y + 39, {
    size: theme.size.body,
    weight: selected ? 700 : 400,
    colour: selected ? theme.colours.ink : theme.colours.text,
    maxWidth: box.width - 100,
  });
}

function drawScroll(brush: Brush, first: number, count: number): void {
  const track = { x: box.x + box.width - 22, y: box.y + 98, width: 6, height: rowsShown * rowHeight - 6 };
  brush.fillStyle = theme.colours.track;
  roundBox(brush, track, 3);
  brush.fillStyle = theme.colours.soft;
  const height = Math.max(30, (track.height * rowsShown) / count);
  const y = track.y + ((track.height - height) * first) / (count - rowsShown);
  roundBox(brush, { ...track, y, height }, 3);
}
