import type { Brush } from '../canvas.ts';
import { fade } from '../colour.ts';
import type { Random } from '../random.ts';
import { screenSize } from '../scene.ts';
import { disc, fillRows, polygon, roundBox } from '../shapes.ts';
import { writeText } from '../text.ts';

const teams = [
  { name: 'RED', colour: '#e5484d' },
  { name: 'SKY', colour: '#6cc4f5' },
  { name: 'SUN', colour: '#ffd23f' },
  { name: 'SEA', colour: '#2b59c3' },
  { name: 'IVY', colour: '#f4f1ea' },
] as const;
const far = 190;

/** A football match seen from the stand, with the score in the corner. */
export function drawPitch(brush: Brush, random: Random, seconds: number): void {
  fillRows(brush, { x: 0, y: 0, width: screenSize.width, height: far }, ['#10182b', '#1e2d4d']);
  drawStand(brush, random, seconds);
  for (let stripe = 0; stripe < 14; stripe++) {
    const edge = (part: number, y: number) => [place(part, y).x, y];
    const colour = stripe % 2 === 0 ? '#2f8f4e' : '#297f45';
    const left = -0.75 + stripe * 0.18;
    const right = left + 0.18;
    polygon(brush, [...edge(left, far), ...edge(right, far), ...edge(right, 720), ...edge(left, 720)], colour);
  }
  drawLines(brush);
  const home = random.pick(teams);
  const away = random.pick(teams);
  const guest = home === away ? { name: 'NIX', colour: '#1d1d24' } : away;
  drawPlayers(brush, random, seconds, home.colour, guest.colour);
  drawScore(brush, random, seconds, home, guest);
}

/** A point of the pitch on the screen: `part` 0 to 1 across, `y` in pixels; further away is narrower. */
function place(part: number, y: number): { x: number; scale: number } {
  const scale = 0.62 + 0.6 * ((y - far) / (screenSize.height - far));
  return { x: screenSize.width / 2 + (part - 0.5) * 1280 * scale, scale };
}

function drawStand(brush: Brush, random: Random, seconds: number): void {
  for (let row = 0; row < 11; row++) {
    for (let seat = 0; seat < 92; seat++) {
      const shade = random.between(0.18, 0.6);
      const jump = Math.sin(seconds * 3 + seat * 0.35 + row) > 0.93 ? 4 : 0;
      disc(
        brush,
        seat * 14 + (row % 2) * 7,
        34 + row * 13 - jump,
        4.6,
        fade(random.pick(['#ffd9b8', '#d8a27c', '#8d5a3b', '#e5484d', '#6cc4f5']), shade),
      );
    }
  }
  brush.fillStyle = '#f4f1ea';
  brush.fillRect(0, far - 16, screenSize.width, 16);
}

function drawLines(brush: Brush): void {
  brush.strokeStyle = fade('#ffffff', 0.8);
  brush.lineWidth = 4;
  brush.beginPath();
  for (const part of [-0.1, 0.5, 1.1]) {
    brush.moveTo(place(part, far + 24).x, far + 24);
    brush.lineTo(place(part, 700).x, 700);
  }
  for (const y of [far + 24, 700]) {
    brush.moveTo(place(-0.1, y).x, y);
    brush.lineTo(place(1.1, y).x, y);
  }
  brush.stroke();
  brush.beginPath();
  brush.ellipse(640, 440, 170, 74, 0, 0, Math.PI * 2);
  brush.stroke();
  disc(brush, 640, 440, 6, '#ffffff');
}

function drawPlayers(brush: Brush, random: Random, seconds: number, home: string, guest: string): void {
  const players = Array.from({ length: 20 }, (_, index) => {
    const run = seconds * random.between(0.18, 0.5);
    const part = random.between(0.02, 0.98) + 0.07 * Math.sin(run + random.between(0, 6));
    const y = random.between(far + 60, 670) + 26 * Math.cos(run * 1.3 + random.between(0, 6));
    return { part, y, colour: index % 2 === 0 ? home : guest };
  });
  const ball = { part: 0.5 + 0.36 * Math.sin(seconds * 0.7), y: 440 + 150 * Math.sin(seconds * 0.43 + 1) };
  for (const { part, y, colour } of players.sort((one, other) => one.y - other.y)) {
    const { x, scale } = place(part, y);
    drawPlayer(brush, x, y, scale, colour, Math.sin(seconds * 9 + part * 40));
  }
  const { x, scale } = place(ball.part, ball.y);
  const hop = Math.abs(Math.sin(seconds * 2.6)) * 26;
  brush.fillStyle = fade('#000000', 0.28);
  brush.beginPath();
  brush.ellipse(x, ball.y, 9 * scale, 4 * scale, 0, 0, Math.PI * 2);
  brush.fill();
  disc(brush, x, ball.y - 7 - hop, 8 * scale, '#ffffff');
}

function drawPlayer(brush: Brush, x: number, y: number, scale: number, colour: string, stride: number): void {
  brush.save();
  brush.translate(x, y);
  brush.scale(scale, scale);
  brush.fillStyle = fade('#000000', 0.25);
  brush.beginPath();
  brush.ellipse(0, 0, 20, 6, 0, 0, Math.PI * 2);
  brush.fill();
  brush.strokeStyle = '#1b1b22';
  brush.lineWidth = 6;
  brush.beginPath();
  brush.moveTo(-4, -20);
  brush.lineTo(-4 + stride * 8, -1);
  brush.moveTo(4, -20);
  brush.lineTo(4 - stride * 8, -1);
  brush.stroke();
  brush.fillStyle = colour;
  roundBox(brush, { x: -11, y: -48, width: 22, height: 31 }, 8);
  disc(brush, 0, -56, 8.5, '#c98d63');
  brush.restore();
}

type Team = { name: string; colour: string };

function drawScore(brush: Brush, random: Random, seconds: number, home: Team, guest: Team): void {
  const minute = Math.floor(random.between(3, 80)) + Math.floor(seconds / 60);
  const clock = `${String(minute).padStart(2, '0')}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`;
  const goals = `${Math.floor(random.between(0, 4))} – ${Math.floor(random.between(0, 4))}`;
  brush.fillStyle = fade('#0b0e14', 0.88);
  roundBox(brush, { x: 64, y: 44, width: 372, height: 50 }, 10);
  brush.fillStyle = home.colour;
  brush.fillRect(64 + 12, 56, 6, 26);
  brush.fillStyle = guest.colour;
  brush.fillRect(64 + 258, 56, 6, 26);
  const write = (text: string, x: number, align: 'left' | 'center' | 'right') =>
    writeText(brush, text, x, 78, { size: 24, weight: 700, align });
  write(home.name, 92, 'left');
  write(goals, 200, 'center');
  write(guest.name, 314, 'right');
  write(clock, 424, 'right');
}
