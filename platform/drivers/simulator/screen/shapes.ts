import type { Brush } from './canvas.ts';
import { along, fade } from './colour.ts';
import { theme } from './theme.ts';

export type Box = { x: number; y: number; width: number; height: number };

/**
 * Fills a box with colours from top to bottom, one flat colour a row. A gradient of the library is dithered, which makes
 * a PNG five times as large.
 */
export function fillRows(brush: Brush, box: Box, stops: readonly string[]): void {
  for (let row = 0; row < box.height; row++) {
    brush.fillStyle = along(stops, row / Math.max(1, box.height - 1));
    brush.fillRect(box.x, box.y + row, box.width, 1);
  }
}

/** Darkens a box from clear at the top to `alpha` at the bottom. */
export function shade(brush: Brush, box: Box, alpha: number): void {
  for (let row = 0; row < box.height; row++) {
    const part = row / box.height;
    brush.fillStyle = fade(theme.colours.black, alpha * part * part * (3 - 2 * part));
    brush.fillRect(box.x, box.y + row, box.width, 1);
  }
}

/** A panel of the user interface: rounded, nearly opaque, with a thin edge. */
export function panel(brush: Brush, box: Box, radius: number = theme.radius): void {
  brush.fillStyle = fade(theme.colours.black, 0.28);
  roundBox(brush, { ...box, y: box.y + 8 }, radius);
  brush.fillStyle = fade(theme.colours.panel, theme.panelAlpha);
  roundBox(brush, box, radius);
  brush.strokeStyle = fade(theme.colours.edge, 0.9);
  brush.lineWidth = 1.5;
  brush.beginPath();
  brush.roundRect(box.x + 0.75, box.y + 0.75, box.width - 1.5, box.height - 1.5, radius);
  brush.stroke();
}

/** Fills a rounded box with the current fill style. */
export function roundBox(brush: Brush, box: Box, radius: number): void {
  brush.beginPath();
  brush.roundRect(box.x, box.y, box.width, box.height, Math.min(radius, box.width / 2, box.height / 2));
  brush.fill();
}

/** A bar that is `percent` full. */
export function bar(brush: Brush, box: Box, percent: number, colour: string = theme.colours.accent): void {
  brush.fillStyle = theme.colours.track;
  roundBox(brush, box, box.height / 2);
  const share = Math.min(100, Math.max(0, percent)) / 100;
  if (share === 0) return;
  brush.fillStyle = colour;
  roundBox(brush, { ...box, width: Math.max(box.height, box.width * share) }, box.height / 2);
}

/** A filled circle. */
export function disc(brush: Brush, x: number, y: number, radius: number, colour: string): void {
  brush.fillStyle = colour;
  brush.beginPath();
  brush.arc(x, y, Math.max(0, radius), 0, Math.PI * 2);
  brush.fill();
}

/** A light with a soft edge made of flat rings. */
export function glow(brush: Brush, x: number, y: number, radius: number, colour: string, strength = 0.5): void {
  const rings = 14;
  for (let ring = rings; ring > 0; ring--) disc(brush, x, y, (radius * ring) / rings, fade(colour, strength / rings));
}

/** Fills the shape through `points`, which are x and y in turn. */
export function polygon(brush: Brush, points: readonly number[], colour: string): void {
  brush.fillStyle = colour;
  brush.beginPath();
  for (let at = 0; at < points.length; at += 2) brush.lineTo(points[at]!, points[at + 1]!);
  brush.closePath();
  brush.fill();
}
