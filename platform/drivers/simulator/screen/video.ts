import type { Brush } from './canvas.ts';
import { along, fade } from './colour.ts';
import { formatTime } from './format-time.ts';
import { titleOf } from './playback.ts';
import { createRandom, type Random } from './random.ts';
import { type Background, screenSize } from './scene.ts';
import { disc, fillRows, polygon, shade } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

const looks = [
  { back: ['#05081a', '#101a3c'], ribbons: ['#2f5bea', '#7b4dff', '#ff5fa2', '#ffb454'] },
  { back: ['#03120f', '#07302c'], ribbons: ['#0fa3a3', '#3ddc97', '#c8f560', '#ffd166'] },
  { back: ['#16060c', '#3a0d1d'], ribbons: ['#8f1d4f', '#e5383b', '#ff8c42', '#ffd6a5'] },
] as const;

/** A video by URL: moving ribbons, with the title, the host it comes from and the time played. */
export function drawVideo(brush: Brush, background: Background, seconds: number): void {
  const random = createRandom(`video/${background.url ?? background.name ?? ''}`);
  const look = random.pick(looks);
  fillRows(brush, { x: 0, y: 0, ...screenSize }, look.back);
  drawRibbons(brush, random, seconds, look.ribbons);
  shade(brush, { x: 0, y: 430, width: screenSize.width, height: 290 }, 0.78);
  drawTitle(brush, background, seconds);
}

function drawRibbons(brush: Brush, random: Random, seconds: number, colours: readonly string[]): void {
  const count = 9;
  for (let ribbon = 0; ribbon < count; ribbon++) {
    const part = ribbon / (count - 1);
    const lengths = [random.between(420, 760), random.between(210, 330)] as const;
    const phases = [random.between(0, 6) + seconds * 0.35, random.between(0, 6) - seconds * 0.5] as const;
    const wave = (x: number) =>
      Math.sin(x / (lengths[0] / 4) + phases[0]) * 62 + Math.sin(x / (lengths[1] / 4) + phases[1]) * 20;
    const middle = 90 + part * 470;
    const upper: number[] = [];
    const lower: number[] = [];
    for (let x = 0; x <= screenSize.width + 12; x += 12) {
      upper.push(x, middle + wave(x));
      lower.unshift(x, middle + wave(x + 130) * 0.8 + 92);
    }
    polygon(brush, [...upper, ...lower], fade(along(colours, part), 0.5));
  }
}

function drawTitle(brush: Brush, background: Background, seconds: number): void {
  const { x } = theme.safe;
  disc(brush, x + 34, 604, 34, theme.colours.accent);
  polygon(brush, [x + 25, 587, x + 25, 621, x + 52, 604], theme.colours.ink);
  const left = x + 92;
  const title = titleOf(background);
  writeText(brush, title, left, 600, { size: theme.size.title, weight: 700, maxWidth: 860 });
  writeText(brush, originOf(background, title), left, 642, {
    size: theme.size.body - 2,
    colour: theme.colours.soft,
    maxWidth: 860,
  });
  const right = screenSize.width - theme.safe.x;
  writeText(brush, formatTime(seconds), right, 618, { size: theme.size.name, weight: 600, align: 'right' });
}

/** The host the video comes from; for a bare stream, which is named after its host, the protocol. */
function originOf({ url }: Background, title: string): string {
  const parsed = URL.parse(url ?? '');
  if (parsed === null) return '';
  return parsed.host === title ? `${parsed.protocol.slice(0, -1).toUpperCase()} stream` : parsed.host;
}
