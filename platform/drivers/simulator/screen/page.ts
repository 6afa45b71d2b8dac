import type { Brush } from './canvas.ts';
import { fade } from './colour.ts';
import { type Scene, screenSize } from './scene.ts';
import { roundBox } from './shapes.ts';
import { writeText } from './text.ts';
import { theme } from './theme.ts';

const frame = { x: 120, y: 60, width: 1040, height: 590 };
const bar = 72;
const paper = { back: '#f3f1ec', line: '#d9d5cc', ink: '#23262d', faint: '#6b6f78' };

/** A web page in the box's browser: the address and the host. The simulator fetches nothing, so the page itself is blank lines. */
export function drawPage(brush: Brush, { url }: NonNullable<Scene['page']>): void {
  brush.fillStyle = fade(theme.colours.black, 0.6);
  brush.fillRect(0, 0, screenSize.width, screenSize.height);
  brush.fillStyle = paper.back;
  roundBox(brush, frame, theme.radius);
  brush.fillStyle = theme.colours.panel;
  roundBox(brush, { ...frame, height: bar }, theme.radius);
  brush.fillRect(frame.x, frame.y + bar / 2, frame.width, bar / 2);
  brush.fillStyle = theme.colours.track;
  roundBox(brush, { x: frame.x + 24, y: frame.y + 16, width: frame.width - 48, height: 40 }, 20);
  writeText(brush, url, frame.x + 48, frame.y + 43, {
    size: 20,
    colour: theme.colours.text,
    maxWidth: frame.width - 96,
  });
  const host = URL.parse(url)?.host ?? url;
  const look = { size: theme.size.hero - 20, weight: 700, colour: paper.ink, maxWidth: frame.width - 120 } as const;
  writeText(brush, host, frame.x + 60, frame.y + 186, look);
  for (const [row, width] of [880, 910, 620, 0, 850, 720].entries()) {
    brush.fillStyle = paper.line;
    if (width > 0) roundBox(brush, { x: frame.x + 60, y: frame.y + 240 + row * 44, width, height: 16 }, 8);
  }
  writeText(brush, 'EXIT closes', frame.x + frame.width - 60, frame.y + frame.height - 30, {
    size: theme.size.hint,
    colour: paper.faint,
    align: 'right',
  });
}
