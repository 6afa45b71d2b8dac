import type { Brush } from '../canvas.ts';
import { fade, mix } from '../colour.ts';
import type { Random } from '../random.ts';
import { screenSize } from '../scene.ts';
import { disc, fillRows, glow } from '../shapes.ts';
import { drawStars, drift } from './sky.ts';

const looks = [
  { sky: ['#0a1030', '#27306b', '#7a4a86', '#e08a76'], near: '#0b0d1f', far: '#4b3f74' },
  { sky: ['#07182b', '#0f3a56', '#2b7685', '#9fc7a5'], near: '#06121f', far: '#27606f' },
  { sky: ['#1b0f33', '#4a2062', '#b03a72', '#ff9a6b'], near: '#120921', far: '#6d2d68' },
] as const;
const street = 640;

/** A skyline at nightfall: windows go on and off, cars pass below. */
export function drawCity(brush: Brush, random: Random, seconds: number): void {
  const look = random.pick(looks);
  fillRows(brush, { x: 0, y: 0, ...screenSize }, look.sky);
  drawStars(brush, random, seconds, 110, 330);
  const moon = { x: random.between(200, 1050), y: random.between(110, 190) };
  glow(brush, moon.x, moon.y, 170, '#fff3d6', 0.42);
  disc(brush, moon.x, moon.y, 44, '#fff3d6');
  for (const layer of [0, 1, 2]) {
    drawBuildings(brush, random, seconds, layer, mix(look.far, look.near, layer / 2));
  }
  brush.fillStyle = mix(look.near, '#000000', 0.35);
  brush.fillRect(0, street, screenSize.width, screenSize.height - street);
  drawCars(brush, random, seconds);
}

function drawBuildings(brush: Brush, random: Random, seconds: number, layer: number, colour: string): void {
  let x = -random.between(0, 60);
  while (x < screenSize.width) {
    const width = random.between(70, 130) + layer * 14;
    const height = random.between(170, 330) * (1.25 - layer * 0.24);
    const top = street - height;
    brush.fillStyle = colour;
    brush.fillRect(x, top, width, height + 2);
    if (random.next() < 0.3) brush.fillRect(x + width / 2 - 2, top - random.between(24, 60), 4, 60);
    if (random.next() < 0.35) brush.fillRect(x + width * 0.2, top - 16, width * 0.6, 17);
    drawWindows(brush, random, seconds, { x, top, width, height }, layer);
    x += width + random.between(-6, 26);
  }
}

type Building = { x: number; top: number; width: number; height: number };

function drawWindows(brush: Brush, random: Random, seconds: number, at: Building, layer: number): void {
  const step = 17 + layer * 4;
  const lit = 0.3 + layer * 0.08;
  const light = random.pick(['#ffd98a', '#ffe9b8', '#ffc46b', '#cfe8ff']);
  brush.fillStyle = fade(light, 0.4 + layer * 0.22);
  for (let y = at.top + 14; y < street - 26; y += step) {
    for (let x = at.x + 11; x < at.x + at.width - 14; x += step) {
      const mood = random.next() + 0.06 * Math.sin(seconds * 0.35 + random.between(0, 40));
      if (mood < lit) brush.fillRect(Math.round(x), Math.round(y), 6 + layer * 2, 8 + layer * 2);
    }
  }
}

function drawCars(brush: Brush, random: Random, seconds: number): void {
  for (let car = 0; car < 16; car++) {
    const away = car % 2 === 0;
    const x = drift(random.between(0, 1400), random.between(90, 190) * (away ? 1 : -1), seconds, 120);
    const y = street + (away ? 24 : 54);
    const colour = away ? '#ff5a4d' : '#fff1c4';
    for (let trail = 0; trail < 6; trail++) {
      brush.fillStyle = fade(colour, 0.3 - trail * 0.045);
      brush.fillRect(x - (away ? 1 : -1) * trail * 16 - 8, y - 2, 16, 4);
    }
    disc(brush, x, y, 5, colour);
  }
}
