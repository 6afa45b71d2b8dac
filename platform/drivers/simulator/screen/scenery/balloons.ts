import type { Brush } from '../canvas.ts';
import { fade, mix } from '../colour.ts';
import type { Random } from '../random.ts';
import { screenSize } from '../scene.ts';
import { fillRows, polygon } from '../shapes.ts';
import { drawClouds, drift } from './sky.ts';

const skies = [
  ['#58b7ec', '#a9def5', '#fdf3d8'],
  ['#7b7fe0', '#c9a8ec', '#ffe3d8'],
  ['#3fb8af', '#a7e3d2', '#fff4d0'],
] as const;
const cloths = [
  ['#ef476f', '#ffd166'],
  ['#118ab2', '#f4f1ea'],
  ['#8338ec', '#ff9f1c'],
  ['#06a77d', '#f1f7b5'],
  ['#e4572e', '#f4f1ea'],
] as const;

/** Hot-air balloons over green hills under a rainbow. */
export function drawBalloons(brush: Brush, random: Random, seconds: number): void {
  fillRows(brush, { x: 0, y: 0, ...screenSize }, random.pick(skies));
  drawRainbow(brush, random.between(300, 980));
  drawClouds(brush, random, seconds, '#ffffff', 6);
  for (let balloon = 0; balloon < 6; balloon++) {
    const size = 34 + balloon * 13;
    const x = drift(random.between(0, 1280), 7 + balloon * 3, seconds, 120);
    const y = random.between(170, 370) + 12 * Math.sin(seconds * 0.6 + balloon * 2);
    drawBalloon(brush, x, y, size, random.pick(cloths));
  }
  const green = random.pick(['#5cab4f', '#7cb342', '#3f9a72']);
  for (const hill of [0, 1, 2]) drawHill(brush, random, 505 + hill * 66, mix(green, '#0c3b2a', hill * 0.27));
}

function drawRainbow(brush: Brush, x: number): void {
  const colours = ['#ff595e', '#ff924c', '#ffca3a', '#8ac926', '#1982c4', '#6a4c93'];
  brush.lineWidth = 15;
  for (const [index, colour] of colours.entries()) {
    brush.strokeStyle = fade(colour, 0.42);
    brush.beginPath();
    brush.arc(x, 640, 440 - index * 15, Math.PI, Math.PI * 2);
    brush.stroke();
  }
}

function drawHill(brush: Brush, random: Random, base: number, colour: string): void {
  const length = random.between(380, 620);
  const phase = random.between(0, 6);
  const points = [0, screenSize.height];
  for (let x = 0; x <= screenSize.width + 10; x += 10) points.push(x, base + 42 * Math.sin((x / length) * 4 + phase));
  polygon(brush, [...points, screenSize.width, screenSize.height], colour);
}

function drawBalloon(brush: Brush, x: number, y: number, size: number, [one, other]: readonly [string, string]): void {
  brush.save();
  brush.translate(x, y);
  brush.scale(size / 100, size / 100);
  // Gores from the outside in: each ellipse leaves a stripe of the one before.
  for (const [index, part] of [1, 0.74, 0.46, 0.18].entries()) {
    brush.fillStyle = index % 2 === 0 ? one : other;
    brush.beginPath();
    brush.moveTo(0, 120);
    brush.bezierCurveTo(-60 * part, 90, -132 * part, 40, -132 * part, -20);
    brush.bezierCurveTo(-132 * part, -172, 132 * part, -172, 132 * part, -20);
    brush.bezierCurveTo(132 * part, 40, 60 * part, 90, 0, 120);
    brush.fill();
  }
  brush.strokeStyle = '#5b4636';
  brush.lineWidth = 4;
  brush.beginPath();
  brush.moveTo(-22, 100);
  brush.lineTo(-17, 146);
  brush.moveTo(22, 100);
  brush.lineTo(17, 146);
  brush.stroke();
  brush.fillStyle = '#7a5638';
  brush.beginPath();
  brush.roundRect(-22, 144, 44, 34, 8);
  brush.fill();
  brush.restore();
}
