import type { Brush } from '../canvas.ts';
import { fade, mix } from '../colour.ts';
import type { Random } from '../random.ts';
import { screenSize } from '../scene.ts';
import { disc, fillRows, polygon, roundBox } from '../shapes.ts';
import { writeText } from '../text.ts';

const looks = [
  { back: ['#081a3a', '#123f7d', '#0a2350'], mark: '#e5383b', desk: '#0a1a36' },
  { back: ['#2a0a1c', '#7d1433', '#3a0b22'], mark: '#ffb703', desk: '#240816' },
  { back: ['#062a2c', '#0d6365', '#07363a'], mark: '#f77f00', desk: '#05201f' },
] as const;
const headlines = [
  'Harbour bridge opens to cyclists a month early',
  'Clear skies tonight, a light wind from the west',
  'Library stays open until ten through the winter',
  'Lighthouse keeper retires after forty years',
  'New trams run every six minutes from Monday',
  'School choir wins the northern song contest',
];

/** A news studio: a turning globe, a presenter at the desk and a line of headlines. */
export function drawStudio(brush: Brush, random: Random, seconds: number): void {
  const look = random.pick(looks);
  fillRows(brush, { x: 0, y: 0, ...screenSize }, look.back);
  drawBeams(brush, seconds);
  drawGlobe(brush, random.pick([330, 940]), 300, 190, seconds);
  drawPresenter(brush, random, seconds);
  polygon(brush, [120, 560, 1160, 560, 1230, 720, 50, 720], look.desk);
  polygon(brush, [120, 560, 1160, 560, 1165, 572, 115, 572], mix(look.desk, '#ffffff', 0.35));
  drawHeadlines(brush, random, seconds, look.mark);
}

function drawBeams(brush: Brush, seconds: number): void {
  for (let beam = 0; beam < 7; beam++) {
    const x = beam * 220 - 60 + 40 * Math.sin(seconds * 0.2 + beam);
    polygon(brush, [x, 0, x + 90, 0, x - 180, 720, x - 330, 720], fade('#ffffff', 0.035));
  }
}

/** Meridians are ellipses whose width follows the turn; parallels are straight from where the viewer stands. */
function drawGlobe(brush: Brush, x: number, y: number, radius: number, seconds: number): void {
  disc(brush, x, y, radius, fade('#ffffff', 0.07));
  brush.strokeStyle = fade('#ffffff', 0.34);
  brush.lineWidth = 2.5;
  for (let line = 0; line < 9; line++) {
    const turn = ((line / 9 + seconds * 0.03) % 1) * Math.PI;
    brush.beginPath();
    brush.ellipse(x, y, Math.abs(Math.cos(turn)) * radius, radius, 0, 0, Math.PI * 2);
    brush.stroke();
  }
  brush.beginPath();
  for (const latitude of [-0.75, -0.4, 0, 0.4, 0.75]) {
    const half = Math.sqrt(1 - latitude ** 2) * radius;
    brush.moveTo(x - half, y + latitude * radius);
    brush.lineTo(x + half, y + latitude * radius);
  }
  brush.stroke();
}

function drawPresenter(brush: Brush, random: Random, seconds: number): void {
  const skin = random.pick(['#f1c8a4', '#d49a6a', '#8d5a3b', '#5d3a26']);
  const hair = random.pick(['#1d1410', '#5b3a1e', '#c9a66b', '#7a7f88']);
  const jacket = random.pick(['#22304f', '#3d2b4f', '#27493f', '#4a2b2b']);
  const x = 640;
  const nod = 3 * Math.sin(seconds * 1.4);
  brush.fillStyle = jacket;
  roundBox(brush, { x: x - 132, y: 404, width: 264, height: 220 }, 84);
  polygon(brush, [x - 34, 404, x + 34, 404, x, 500], '#f4f1ea');
  polygon(brush, [x - 8, 420, x + 8, 420, x + 13, 478, x, 496, x - 13, 478], '#b3323c');
  brush.fillStyle = mix(skin, '#000000', 0.14);
  roundBox(brush, { x: x - 26, y: 350, width: 52, height: 72 }, 24);
  brush.fillStyle = hair;
  roundBox(brush, { x: x - 68, y: 222 + nod, width: 136, height: 130 }, 66);
  brush.fillStyle = skin;
  roundBox(brush, { x: x - 56, y: 252 + nod, width: 112, height: 136 }, 54);
  disc(brush, x - 22, 312 + nod, 5.5, '#1d1410');
  disc(brush, x + 22, 312 + nod, 5.5, '#1d1410');
  brush.fillStyle = '#8f3a34';
  const mouth = 4 + 7 * Math.abs(Math.sin(seconds * 4.3) * Math.sin(seconds * 1.7));
  roundBox(brush, { x: x - 17, y: 350 + nod - mouth / 2, width: 34, height: mouth }, 6);
}

function drawHeadlines(brush: Brush, random: Random, seconds: number, colour: string): void {
  const first = Math.floor(random.between(0, headlines.length));
  const text = headlines.map((_, index) => headlines[(first + index) % headlines.length]).join('   •   ');
  brush.fillStyle = '#f6f4ef';
  brush.fillRect(0, 636, screenSize.width, 48);
  brush.save();
  brush.beginPath();
  brush.rect(214, 636, screenSize.width, 48);
  brush.clip();
  const look = { size: 25, weight: 600, colour: '#14171f' } as const;
  const start = 240;
  const loop = 40 + writeText(brush, text, screenSize.width, 669, look);
  for (const copy of [0, 1]) writeText(brush, text, start - ((seconds * 60) % loop) + copy * loop, 669, look);
  brush.restore();
  brush.fillStyle = colour;
  brush.fillRect(0, 636, 214, 48);
  writeText(brush, 'HEADLINES', 107, 669, { size: 25, weight: 800, align: 'center' });
}
