import type { Brush } from '../canvas.ts';
import { fade, mix } from '../colour.ts';
import type { Random } from '../random.ts';
import { screenSize } from '../scene.ts';
import { disc, fillRows, glow } from '../shapes.ts';
import { drawStars, drift } from './sky.ts';

const looks = [
  { sky: ['#05060f', '#0d1030', '#241646'], planet: ['#f2b880', '#c8553d', '#588b8b'], ring: '#ffd5a5' },
  { sky: ['#020a12', '#06283a', '#0b4a54'], planet: ['#9ad4d6', '#3d7ea6', '#5c469c'], ring: '#d4f1f4' },
  { sky: ['#0c0414', '#2a0a3a', '#5c1450'], planet: ['#ffc8dd', '#b5179e', '#7209b7'], ring: '#ffafcc' },
] as const;

/** A ringed planet with its moons, and now and then a shooting star. */
export function drawSpace(brush: Brush, random: Random, seconds: number): void {
  const look = random.pick(looks);
  fillRows(brush, { x: 0, y: 0, ...screenSize }, look.sky);
  for (const centre of [random.between(100, 500), random.between(700, 1200)]) {
    glow(brush, centre, random.between(200, 560), random.between(240, 360), look.planet[2], 0.3);
  }
  drawStars(brush, random, seconds, 260, screenSize.height);
  const planet = { x: random.between(440, 820), y: random.between(320, 400), radius: random.between(140, 185) };
  const tilt = random.between(-0.45, 0.45);
  brush.strokeStyle = fade(look.ring, 0.75);
  drawRing(brush, planet, tilt, Math.PI, Math.PI * 2);
  drawPlanet(brush, random, seconds, planet, tilt, look.planet);
  drawRing(brush, planet, tilt, 0, Math.PI);
  for (let moon = 0; moon < 3; moon++) {
    const angle = seconds * (0.22 - moon * 0.05) + random.between(0, 6);
    const reach = planet.radius * (1.9 + moon * 0.5);
    const x = planet.x + Math.cos(angle) * reach;
    const y = planet.y + Math.sin(angle) * reach * 0.42;
    disc(brush, x, y, 15 - moon * 3, mix(look.ring, '#000000', 0.1 + moon * 0.15));
  }
  const trail = drift(random.between(0, 1280), 420, seconds, 900);
  for (let part = 0; part < 12; part++) {
    disc(
      brush,
      trail - part * 9,
      60 + trail * 0.16 - part * 1.5,
      2.6 - part * 0.18,
      fade('#ffffff', 0.9 - part * 0.07),
    );
  }
}

type Planet = { x: number; y: number; radius: number };

function drawPlanet(
  brush: Brush,
  random: Random,
  seconds: number,
  { x, y, radius }: Planet,
  tilt: number,
  colours: readonly [string, string, string],
): void {
  brush.save();
  brush.beginPath();
  brush.arc(x, y, radius, 0, Math.PI * 2);
  brush.clip();
  brush.translate(x, y);
  brush.rotate(tilt);
  brush.fillStyle = colours[0];
  brush.fillRect(-radius, -radius, radius * 2, radius * 2);
  for (let band = -radius; band < radius; ) {
    const height = random.between(9, 36);
    brush.fillStyle = fade(random.pick(colours), random.between(0.35, 0.95));
    brush.fillRect(-radius, band, radius * 2, height);
    band += height + random.between(0, 14);
  }
  const spot = drift(random.between(0, 1280), 26, seconds, 0) - 640;
  brush.fillStyle = fade(colours[1], 0.9);
  brush.beginPath();
  brush.ellipse(spot, radius * 0.3, radius * 0.24, radius * 0.11, 0, 0, Math.PI * 2);
  brush.fill();
  brush.rotate(-tilt);
  // The night side: a disc of shadow, moved away from the light.
  brush.fillStyle = fade('#000000', 0.42);
  brush.beginPath();
  brush.arc(0, 0, radius * 1.5, 0, Math.PI * 2);
  brush.arc(-radius * 0.34, -radius * 0.22, radius * 1.02, 0, Math.PI * 2, true);
  brush.fill('evenodd');
  brush.restore();
}

function drawRing(brush: Brush, { x, y, radius }: Planet, tilt: number, from: number, to: number): void {
  for (const [reach, width] of [
    [1.5, 9],
    [1.66, 15],
    [1.86, 5],
  ] as const) {
    brush.lineWidth = width;
    brush.beginPath();
    brush.ellipse(x, y, radius * reach, radius * reach * 0.27, tilt, from, to);
    brush.stroke();
  }
}
