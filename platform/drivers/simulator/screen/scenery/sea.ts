import type { Brush } from '../canvas.ts';
import { along, fade, mix } from '../colour.ts';
import type { Random } from '../random.ts';
import { screenSize } from '../scene.ts';
import { disc, fillRows, glow, polygon } from '../shapes.ts';
import { drawClouds, drift } from './sky.ts';

const looks = [
  { sky: ['#2c2150', '#8e3d6c', '#ee7b55', '#ffca7a'], water: ['#b65a62', '#3a2a5e', '#150f2c'], sun: '#ffeec0' },
  { sky: ['#2f8fce', '#79c3ea', '#e3f4ef'], water: ['#4fb3c9', '#1b6f9a', '#0a3a5e'], sun: '#fffdf0' },
  { sky: ['#0f2d52', '#2f6f8f', '#f0b98d', '#ffe0b0'], water: ['#7f98a0', '#215a78', '#0a2038'], sun: '#fff1d0' },
] as const;
const horizon = 390;

/** The sun over the sea, with waves and a boat that sails across. */
export function drawSea(brush: Brush, random: Random, seconds: number): void {
  const look = random.pick(looks);
  fillRows(brush, { x: 0, y: 0, width: screenSize.width, height: horizon }, look.sky);
  const sun = { x: random.between(380, 900), y: horizon - random.between(20, 90), radius: random.between(58, 88) };
  glow(brush, sun.x, sun.y, sun.radius * 4, look.sun, 0.8);
  disc(brush, sun.x, sun.y, sun.radius, look.sun);
  drawClouds(brush, random, seconds, look.sun, 4);
  fillRows(brush, { x: 0, y: horizon, width: screenSize.width, height: screenSize.height - horizon }, look.water);
  drawGlitter(brush, random, seconds, sun.x, look.sun);
  const boatX = drift(random.between(0, 1280), random.pick([16, 22, -18]), seconds, 160);
  for (let wave = 0; wave < 6; wave++) {
    if (wave === 2) drawBoat(brush, boatX, horizon + 74 + 5 * Math.sin(seconds * 1.3), 0.05 * Math.sin(seconds * 1.1));
    drawWave(brush, random, seconds, wave, along(look.water, 0.35 + wave * 0.12));
  }
}

function drawWave(brush: Brush, random: Random, seconds: number, wave: number, colour: string): void {
  const base = horizon + 66 + wave * 46;
  const height = 5 + wave * 2.4;
  const length = 120 + wave * 42;
  const phase = random.between(0, 6) + seconds * (0.9 - wave * 0.08) * (wave % 2 === 0 ? 1 : -1);
  const points = [0, screenSize.height];
  for (let x = 0; x <= screenSize.width + 10; x += 10) {
    const swell = Math.sin((x / length) * 2 * Math.PI + phase) + 0.4 * Math.sin((x / length) * 5.1 - phase * 1.7);
    points.push(x, base + height * swell);
  }
  polygon(brush, [...points, screenSize.width, screenSize.height], mix(colour, '#000000', 0.06));
}

/** The sun's light on the water: short dashes that get wider towards the viewer. */
function drawGlitter(brush: Brush, random: Random, seconds: number, x: number, colour: string): void {
  for (let dash = 0; dash < 34; dash++) {
    const depth = dash / 34;
    const width = (18 + depth * 190) * (0.55 + 0.45 * Math.sin(seconds * 1.8 + dash * 1.9));
    const sway = random.between(-1, 1) * (10 + depth * 46);
    brush.fillStyle = fade(colour, 0.62 - depth * 0.45);
    brush.beginPath();
    brush.roundRect(x + sway - width / 2, horizon + 6 + depth * 210, Math.max(4, width), 3 + depth * 2, 2);
    brush.fill();
  }
}

function drawBoat(brush: Brush, x: number, y: number, tilt: number): void {
  brush.save();
  brush.translate(x, y);
  brush.rotate(tilt);
  polygon(brush, [-64, -14, 70, -14, 48, 14, -46, 14], '#3c1f2b');
  polygon(brush, [-62, -14, 68, -14, 65, -9, -59, -9], '#f4efe4');
  brush.fillStyle = '#2a1620';
  brush.fillRect(-3, -168, 5, 156);
  polygon(brush, [4, -166, 72, -28, 4, -28], '#f8f3e6');
  polygon(brush, [-6, -150, -6, -28, -52, -28], '#e8604c');
  brush.restore();
}
