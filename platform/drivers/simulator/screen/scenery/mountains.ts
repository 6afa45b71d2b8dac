import type { Brush } from '../canvas.ts';
import { fade, mix } from '../colour.ts';
import type { Random } from '../random.ts';
import { screenSize } from '../scene.ts';
import { disc, fillRows, glow, polygon } from '../shapes.ts';
import { drawClouds, drift } from './sky.ts';

const looks = [
  { sky: ['#26305f', '#8c5b86', '#f2a878', '#ffd9a0'], far: '#9a6c8c', near: '#1b1730', sun: '#fff0c9' },
  { sky: ['#3b86c8', '#86c1e6', '#dcecec'], far: '#8fb4c9', near: '#16404a', sun: '#fffbe6' },
  { sky: ['#0c2a46', '#20687c', '#8fb59a', '#f7d49a'], far: '#4b8590', near: '#0b1f2e', sun: '#ffeab8' },
  { sky: ['#5c3b6f', '#c2607a', '#f79d72', '#ffd28c'], far: '#b0627c', near: '#2a1430', sun: '#ffe9ba' },
] as const;
const ridges = 5;

/** Ranges of mountains before a low sun; the camera pans along them. */
export function drawMountains(brush: Brush, random: Random, seconds: number): void {
  const look = random.pick(looks);
  fillRows(brush, { x: 0, y: 0, ...screenSize }, look.sky);
  const sun = { x: random.between(260, 1000), y: random.between(190, 320), radius: random.between(46, 74) };
  glow(brush, sun.x, sun.y, sun.radius * 3.6, look.sun, 0.75);
  disc(brush, sun.x, sun.y, sun.radius, look.sun);
  drawClouds(brush, random, seconds, look.sun, 5);
  drawBirds(brush, random, seconds, look.near);
  for (let ridge = 0; ridge < ridges; ridge++) {
    const part = ridge / (ridges - 1);
    const outline = createOutline(random, 390 + ridge * 68, 190 - ridge * 24, 1 + part);
    const shift = seconds * (3 + ridge * 5);
    const colour = mix(look.far, look.near, part ** 0.8);
    const points = [0, screenSize.height];
    for (let x = 0; x <= screenSize.width + 8; x += 8) points.push(x, outline(x + shift));
    polygon(brush, [...points, screenSize.width, screenSize.height], colour);
    if (ridge === ridges - 1) drawPines(brush, random, (x) => outline(x + shift), shift, colour);
  }
}

/** The height of a ridge at each place: triangle waves of three sizes, so that it has peaks. */
function createOutline(random: Random, base: number, height: number, roughness: number): (x: number) => number {
  const waves = [0.58, 0.28, 0.14].map((share, index) => ({
    share,
    length: (560 / (index * 1.9 + 1) / roughness) * random.between(0.8, 1.25),
    phase: random.between(0, 1000),
  }));
  const triangle = (value: number) => Math.abs((((value % 1) + 1) % 1) * 2 - 1);
  return (x) =>
    base - height * waves.reduce((sum, wave) => sum + wave.share * triangle((x + wave.phase) / wave.length), 0);
}

function drawPines(brush: Brush, random: Random, ground: (x: number) => number, shift: number, colour: string): void {
  for (let pine = 0; pine < 46; pine++) {
    const x = drift(random.between(0, 1500), -1, shift, 60);
    const size = random.between(26, 74);
    const foot = ground(x) + 10;
    for (const tier of [0, 1, 2]) {
      const top = foot - size * (1 - tier * 0.24);
      const half = size * (0.12 + tier * 0.055);
      polygon(brush, [x, top, x + half, top + size * 0.5, x - half, top + size * 0.5], colour);
    }
  }
}

function drawBirds(brush: Brush, random: Random, seconds: number, colour: string): void {
  brush.strokeStyle = fade(colour, 0.7);
  brush.lineWidth = 2.5;
  const flock = { x: random.between(0, 1280), y: random.between(130, 240) };
  for (let bird = 0; bird < 6; bird++) {
    const x = drift(flock.x + random.between(-90, 90), 22, seconds, 40);
    const y = flock.y + random.between(-36, 36);
    const flap = 5 + 4 * Math.sin(seconds * 5 + bird);
    brush.beginPath();
    brush.moveTo(x - 13, y - flap);
    brush.quadraticCurveTo(x - 4, y - flap, x, y);
    brush.quadraticCurveTo(x + 4, y - flap, x + 13, y - flap);
    brush.stroke();
  }
}
