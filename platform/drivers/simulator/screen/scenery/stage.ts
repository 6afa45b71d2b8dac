import type { Brush } from '../canvas.ts';
import { fade, mix } from '../colour.ts';
import type { Random } from '../random.ts';
import { screenSize } from '../scene.ts';
import { disc, fillRows, polygon, roundBox } from '../shapes.ts';

const looks = [
  { back: ['#12041f', '#3a0b4e', '#7a1666'], lights: ['#ff4d9d', '#ffd166', '#6ee7ff'] },
  { back: ['#03121f', '#0a3350', '#10657a'], lights: ['#7cf5d6', '#f6f4ef', '#58a6ff'] },
  { back: ['#1a0606', '#4d1010', '#8f2b14'], lights: ['#ffb454', '#ff6f61', '#ffe8a3'] },
] as const;
const floor = 520;

/** A concert: swinging lights, sound bars behind the band, the crowd's hands in front. */
export function drawStage(brush: Brush, random: Random, seconds: number): void {
  const look = random.pick(looks);
  fillRows(brush, { x: 0, y: 0, ...screenSize }, look.back);
  drawBars(brush, random, seconds, look.lights);
  for (let lamp = 0; lamp < 8; lamp++) {
    const x = 90 + lamp * 158;
    const swing = 190 * Math.sin(seconds * random.between(0.5, 1.1) + random.between(0, 6));
    const colour = random.pick(look.lights);
    polygon(brush, [x - 6, 34, x + 6, 34, x + swing + 92, 640, x + swing - 92, 640], fade(colour, 0.13));
    disc(brush, x, 34, 13, colour);
  }
  brush.fillStyle = mix(look.back[2], '#000000', 0.45);
  brush.fillRect(0, floor, screenSize.width, screenSize.height - floor);
  for (const [index, x] of [360, 640, 920].entries()) drawMusician(brush, x, seconds, index);
  drawCrowd(brush, random, seconds);
}

function drawBars(brush: Brush, random: Random, seconds: number, colours: readonly string[]): void {
  for (let column = 0; column < 32; column++) {
    const beat = Math.abs(Math.sin(seconds * random.between(1.4, 4.6) + random.between(0, 6)));
    const height = 40 + 230 * beat * (0.4 + 0.6 * Math.sin((column / 31) * Math.PI));
    brush.fillStyle = fade(colours[column % colours.length]!, 0.28);
    roundBox(brush, { x: 10 + column * 40, y: floor - height, width: 24, height: height + 12 }, 8);
  }
}

function drawMusician(brush: Brush, x: number, seconds: number, index: number): void {
  const bounce = 8 * Math.abs(Math.sin(seconds * 2.4 + index));
  const dark = '#07040d';
  disc(brush, x, floor - 150 - bounce, 27, dark);
  brush.fillStyle = dark;
  roundBox(brush, { x: x - 33, y: floor - 124 - bounce, width: 66, height: 96 }, 26);
  roundBox(brush, { x: x - 28, y: floor - 60 - bounce / 2, width: 22, height: 76 }, 9);
  roundBox(brush, { x: x + 6, y: floor - 60 - bounce / 2, width: 22, height: 76 }, 9);
  brush.save();
  brush.translate(x, floor - 76 - bounce);
  brush.rotate(-0.42 + 0.06 * Math.sin(seconds * 3 + index));
  brush.fillStyle = index === 1 ? '#d9e2ec' : '#b3472f';
  if (index === 1) brush.fillRect(-3, -120, 6, 210);
  else {
    roundBox(brush, { x: -44, y: -20, width: 74, height: 42 }, 20);
    brush.fillRect(20, -6, 108, 11);
  }
  brush.restore();
}

function drawCrowd(brush: Brush, random: Random, seconds: number): void {
  for (let person = 0; person < 46; person++) {
    const x = random.between(-20, 1300);
    const y = 652 + random.between(0, 70) - 9 * Math.abs(Math.sin(seconds * 2.4 + person * 0.7));
    disc(brush, x, y, 27, '#05030a');
    brush.fillStyle = '#05030a';
    roundBox(brush, { x: x - 40, y: y + 20, width: 80, height: 120 }, 34);
    if (random.next() > 0.45) continue;
    const wave = 13 * Math.sin(seconds * 3 + person);
    polygon(brush, [x + 24, y + 34, x + 38, y + 34, x + 42 + wave, y - 62, x + 30 + wave, y - 62], '#05030a');
    disc(brush, x + 36 + wave, y - 66, 10, '#05030a');
  }
}
