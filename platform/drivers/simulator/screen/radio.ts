import type { Brush } from './canvas.ts';
import { fade, mix } from './colour.ts';
import { formatTime } from './format-time.ts';
import { createRandom, type Random } from './random.ts';
import { type Background, screenSize } from './scene.ts';
import { disc, fillRows, roundBox } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

const looks = [
  { back: ['#2b1036', '#5a1d54', '#8f3350'], ink: '#ffb4a2' },
  { back: ['#04222b', '#0b4a4f', '#17766a'], ink: '#9ff0d0' },
  { back: ['#101a44', '#2a3a8c', '#4d5fc4'], ink: '#c5ceff' },
  { back: ['#331407', '#7a3410', '#b8641e'], ink: '#ffe0ad' },
] as const;

/** A radio channel: a turning record, its name and the sound as bars. */
export function drawRadio(brush: Brush, background: Background, seconds: number): void {
  const name = background.name ?? background.id ?? 'Radio';
  const random = createRandom(`radio/${background.id ?? ''}/${name}`);
  const look = random.pick(looks);
  fillRows(brush, { x: 0, y: 0, ...screenSize }, look.back);
  drawRecord(brush, 330, 360, seconds, look.ink, name);
  const x = 640;
  const label = background.number === undefined ? 'RADIO' : `RADIO  ${background.number}`;
  writeText(brush, label, x, 232, { size: 26, weight: 700, colour: look.ink });
  writeText(brush, name, x - 3, 312, { size: theme.size.hero - 8, weight: 800, maxWidth: screenSize.width - x - 64 });
  writeText(brush, `On air  ${formatTime(seconds)}`, x, 366, { size: theme.size.body, colour: fade('#ffffff', 0.78) });
  drawBars(brush, random, x, 560, seconds, look.ink);
}

function drawRecord(brush: Brush, x: number, y: number, seconds: number, colour: string, name: string): void {
  disc(brush, x + 10, y + 16, 232, fade('#000000', 0.3));
  disc(brush, x, y, 232, '#0d0b10');
  brush.lineWidth = 1.5;
  for (let groove = 0; groove < 16; groove++) {
    brush.strokeStyle = fade('#ffffff', groove % 4 === 0 ? 0.16 : 0.07);
    brush.beginPath();
    brush.arc(x, y, 108 + groove * 7.6, 0, Math.PI * 2);
    brush.stroke();
  }
  const turn = seconds * 3.49;
  for (const side of [0, Math.PI]) {
    brush.fillStyle = fade('#ffffff', 0.08);
    brush.beginPath();
    brush.moveTo(x, y);
    brush.arc(x, y, 230, turn + side, turn + side + 0.5);
    brush.fill();
  }
  disc(brush, x, y, 92, colour);
  brush.save();
  brush.translate(x, y);
  brush.rotate(turn);
  writeText(brush, name, 0, -30, { size: 20, weight: 800, align: 'center', colour: '#1b1020', maxWidth: 140 });
  writeText(brush, '33⅓', 0, 54, { size: 16, weight: 600, align: 'center', colour: '#1b1020' });
  brush.restore();
  disc(brush, x, y, 9, mix(colour, '#000000', 0.8));
}

function drawBars(brush: Brush, random: Random, x: number, y: number, seconds: number, colour: string): void {
  for (let index = 0; index < 28; index++) {
    const slow = Math.sin(seconds * random.between(1.2, 3.4) + random.between(0, 6));
    const fast = Math.sin(seconds * random.between(4, 8) + random.between(0, 6));
    const height = 10 + 122 * Math.abs(slow * 0.7 + fast * 0.3) * (0.35 + 0.65 * Math.sin((index / 27) * Math.PI));
    brush.fillStyle = fade(colour, 0.9);
    roundBox(brush, { x: x + index * 20, y: y - height, width: 12, height }, 6);
  }
}
