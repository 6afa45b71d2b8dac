import type { Brush } from './canvas.ts';
import { type Banner, type Scene, screenSize } from './scene.ts';
import { bar, panel, roundBox } from './shapes.ts';
import { textWidth, writeText } from './text.ts';
import { theme } from './theme.ts';

const receptions = { BASE: 'INTERNET', DVB: 'DVB', LOCAL: 'ON SITE' } as const;
const box = { x: theme.safe.x, y: 540, width: screenSize.width - 2 * theme.safe.x, height: 136 };

/** What was switched to: number, name, how it comes in, how far the programme is, the time. */
export function drawBanner(brush: Brush, banner: Banner, scene: Scene): void {
  panel(brush, box);
  const middle = box.y + 68;
  let left = box.x + 40;
  if (banner.number !== undefined) {
    const number = String(banner.number);
    left += writeText(brush, number, left, middle + 24, {
      size: theme.size.number + 4,
      weight: 800,
      maxWidth: 240,
      colour: theme.colours.accent,
    });
    brush.fillStyle = theme.colours.edge;
    brush.fillRect(left + 30, box.y + 30, 2, box.height - 60);
    left += 62;
  }
  const right = box.x + box.width - 40;
  const clockWidth = writeText(brush, scene.clock, right, middle + 16, {
    size: theme.size.title,
    weight: 600,
    align: 'right',
  });
  const room = right - clockWidth - 60 - left;
  drawName(brush, banner, left, room);
  if (banner.percent !== undefined) bar(brush, { x: left, y: box.y + 104, width: room, height: 8 }, banner.percent);
}

function drawName(brush: Brush, banner: Banner, left: number, room: number): void {
  const detailed = banner.programme !== undefined || banner.percent !== undefined;
  const baseline = box.y + (detailed ? 56 : 80);
  const width = writeText(brush, banner.name, left, baseline, {
    size: theme.size.name + 2,
    weight: 700,
    maxWidth: room - 160,
  });
  if (banner.reception !== undefined) drawChip(brush, receptions[banner.reception], left + width + 20, baseline - 27);
  if (banner.programme === undefined) return;
  writeText(brush, banner.programme, left, baseline + 34, { size: 24, colour: theme.colours.soft, maxWidth: room });
}

function drawChip(brush: Brush, label: string, x: number, y: number): void {
  const look = { size: 17, weight: 700, align: 'center', colour: theme.colours.soft } as const;
  const width = 24 + textWidth(brush, label, look);
  brush.fillStyle = theme.colours.track;
  roundBox(brush, { x, y, width, height: 32 }, 9);
  writeText(brush, label, x + width / 2, y + 22, look);
}
