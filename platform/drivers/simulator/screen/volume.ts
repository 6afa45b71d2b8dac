import type { Brush } from './canvas.ts';
import { screenSize } from './scene.ts';
import { panel, polygon, roundBox } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

const box = { x: screenSize.width - theme.safe.x - 84, y: 144, width: 84, height: 356 };

/** The volume, at the right edge; muted it is greyed and the loudspeaker is crossed out. */
export function drawVolume(brush: Brush, { percent, muted }: { percent: number; muted: boolean }): void {
  panel(brush, box, 42);
  const middle = box.x + box.width / 2;
  const level = Math.min(100, Math.max(0, percent));
  writeText(brush, String(Math.round(level)), middle, box.y + 50, {
    size: 28,
    weight: 700,
    align: 'center',
    colour: muted ? theme.colours.faint : theme.colours.text,
  });
  const track = { x: middle - 7, y: box.y + 74, width: 14, height: 200 };
  brush.fillStyle = theme.colours.track;
  roundBox(brush, track, 7);
  if (level > 0) {
    const height = Math.max(14, (track.height * level) / 100);
    brush.fillStyle = muted ? theme.colours.faint : theme.colours.accent;
    roundBox(brush, { ...track, y: track.y + track.height - height, height }, 7);
  }
  drawSpeaker(brush, middle, box.y + 314, muted);
}

function drawSpeaker(brush: Brush, x: number, y: number, muted: boolean): void {
  const colour = muted ? theme.colours.alert : theme.colours.text;
  polygon(brush, [x - 20, y - 7, x - 11, y - 7, x, y - 17, x, y + 17, x - 11, y + 7, x - 20, y + 7], colour);
  brush.strokeStyle = colour;
  brush.lineWidth = 3.5;
  brush.lineCap = 'round';
  brush.beginPath();
  if (muted) {
    for (const side of [-1, 1]) {
      brush.moveTo(x + 8, y - 7 * side);
      brush.lineTo(x + 21, y + 7 * side);
    }
    brush.stroke();
    return;
  }
  for (const radius of [9, 17]) {
    brush.moveTo(x + 4 + radius * Math.cos(-0.8), y + radius * Math.sin(-0.8));
    brush.arc(x + 4, y, radius, -0.8, 0.8);
  }
  brush.stroke();
}
