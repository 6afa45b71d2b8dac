type Rgb = [red: number, green: number, blue: number];

/** The colour `part` (0 to 1) of the way from one `#rrggbb` to another. */
export function mix(from: string, to: string, part: number): string {
  const share = Math.min(1, Math.max(0, part));
  const start = read(from);
  const end = read(to);
  const channel = (index: 0 | 1 | 2) =>
    Math.round(start[index] + (end[index] - start[index]) * share)
      .toString(16)
      .padStart(2, '0');
  return `#${channel(0)}${channel(1)}${channel(2)}`;
}

/** The colour at `part` (0 to 1) of a row of `#rrggbb` stops, evenly spaced. */
export function along(stops: readonly string[], part: number): string {
  const place = Math.min(1, Math.max(0, part)) * (stops.length - 1);
  const index = Math.min(stops.length - 2, Math.floor(place));
  const from = stops[index] ?? stops[0] ?? '#000000';
  return mix(from, stops[index + 1] ?? from, place - index);
}

/** `#rrggbb` with an opacity of 0 to 1, as CSS. */
export function fade(colour: string, alpha: number): string {
  const [red, green, blue] = read(colour);
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}

function read(colour: string): Rgb {
  const value = Number.parseInt(colour.slice(1), 16);
  return [(value >> 16) & 255, (value >> 8) & 255, value & 255];
}
