import type { Brush } from '../canvas.ts';
import { fade } from '../colour.ts';
import type { Random } from '../random.ts';
import { screenSize } from '../scene.ts';
import { disc } from '../shapes.ts';

/** Where something is that drifts to the right for ever: leaves at one edge, comes back at the other. */
export function drift(start: number, speed: number, seconds: number, margin: number): number {
  const span = screenSize.width + 2 * margin;
  return ((((start + speed * seconds) % span) + span) % span) - margin;
}

/** Flat clouds that drift slowly. */
export function drawClouds(brush: Brush, random: Random, seconds: number, colour: string, count: number): void {
  for (let cloud = 0; cloud < count; cloud++) {
    const width = random.between(150, 330);
    const x = drift(random.between(0, screenSize.width), random.between(5, 14), seconds, width);
    const y = random.between(70, 290);
    brush.fillStyle = fade(colour, random.between(0.35, 0.75));
    brush.beginPath();
    brush.roundRect(x - width / 2, y, width, width * 0.13, width * 0.065);
    brush.roundRect(x - width * 0.3, y - width * 0.09, width * 0.52, width * 0.16, width * 0.08);
    brush.roundRect(x - width * 0.12, y - width * 0.16, width * 0.26, width * 0.2, width * 0.1);
    brush.fill();
  }
}

/** Stars that twinkle, down to `depth` pixels from the top. */
export function drawStars(brush: Brush, random: Random, seconds: number, count: number, depth: number): void {
  for (let star = 0; star < count; star++) {
    const x = random.between(0, screenSize.width);
    const y = random.between(0, depth);
    const twinkle = 0.65 + 0.35 * Math.sin(seconds * random.between(0.6, 2.4) + random.between(0, 6));
    disc(brush, x, y, random.between(0.7, 2), fade('#ffffff', twinkle * random.between(0.4, 1)));
  }
}
