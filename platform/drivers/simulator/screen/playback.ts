import type { Brush } from './canvas.ts';
import { fade } from './colour.ts';
import { type Background, screenSize } from './scene.ts';
import { disc, fillRows, roundBox } from './shapes.ts';
import { writeLines, writeText } from './text.ts';
import { theme } from './theme.ts';

const centre = { x: screenSize.width / 2, y: screenSize.height / 2 };

/** Before the first picture: what is coming, and that something is happening. */
export function drawStarting(brush: Brush, background: Background, at: number): void {
  fillRows(brush, { x: 0, y: 0, ...screenSize }, ['#080a10', '#0f131c']);
  drawSpinner(brush, centre.x, centre.y - 50, 38, at);
  const look = { align: 'center', maxWidth: 1000 } as const;
  const doing = background.kind === 'video' ? 'Opening' : 'Tuning to';
  writeText(brush, doing, centre.x, centre.y + 44, { ...look, size: theme.size.body, colour: theme.colours.faint });
  writeText(brush, titleOf(background), centre.x, centre.y + 94, { ...look, size: theme.size.title, weight: 700 });
}

/** Playback did not start, or ended badly: says so and why. */
export function drawFailed(brush: Brush, background: Background): void {
  fillRows(brush, { x: 0, y: 0, ...screenSize }, ['#150d12', '#0c0a10']);
  const y = centre.y - 96;
  disc(brush, centre.x, y, 44, theme.colours.alert);
  brush.fillStyle = '#200a08';
  roundBox(brush, { x: centre.x - 5, y: y - 24, width: 10, height: 30 }, 5);
  disc(brush, centre.x, y + 20, 6, '#200a08');
  const look = { align: 'center', maxWidth: 960 } as const;
  const what = background.kind === 'radio' ? 'No sound' : 'No picture';
  writeText(brush, `${what} from ${titleOf(background)}`, centre.x, centre.y + 10, {
    ...look,
    size: theme.size.title,
    weight: 700,
  });
  const reason = background.reason ?? 'The player gave no reason.';
  writeLines(brush, reason, centre.x, centre.y + 64, {
    ...look,
    size: theme.size.body - 2,
    colour: theme.colours.soft,
    lines: 4,
  });
}

/** Over the still picture: it is paused. */
export function drawPaused(brush: Brush): void {
  brush.fillStyle = fade(theme.colours.black, 0.4);
  brush.fillRect(0, 0, screenSize.width, screenSize.height);
  disc(brush, centre.x, centre.y, 74, fade(theme.colours.panel, 0.86));
  brush.fillStyle = theme.colours.text;
  roundBox(brush, { x: centre.x - 27, y: centre.y - 32, width: 18, height: 64 }, 6);
  roundBox(brush, { x: centre.x + 9, y: centre.y - 32, width: 18, height: 64 }, 6);
}

/** What is on, in words: the number and name of a channel, the file of a video. */
export function titleOf({ kind, name, number, url, id }: Background): string {
  if (name !== undefined && name !== '') return number === undefined ? name : `${number} · ${name}`;
  if (kind === 'video' && url !== undefined) return fileOf(url);
  return id ?? url ?? 'an unnamed source';
}

/** The last part of a URL's path in readable form, or its host. */
function fileOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null) return url;
  const last = parsed.pathname.split('/').at(-1) ?? '';
  try {
    return decodeURIComponent(last) || parsed.host;
  } catch {
    return last;
  }
}

function drawSpinner(brush: Brush, x: number, y: number, radius: number, at: number): void {
  const turn = ((at % 1200) / 1200) * Math.PI * 2;
  brush.lineWidth = 7;
  brush.lineCap = 'round';
  brush.strokeStyle = theme.colours.track;
  brush.beginPath();
  brush.arc(x, y, radius, 0, Math.PI * 2);
  brush.stroke();
  brush.strokeStyle = theme.colours.accent;
  brush.beginPath();
  brush.arc(x, y, radius, turn, turn + 1.7);
  brush.stroke();
}
