/** One measured figure. `values` is what the percentiles are taken from, where there is more than one. */
export type Figure = {
  bench: string;
  /** What exactly was measured: an upstream, a way to start, a kind of action. */
  of: string;
  unit: string;
  value?: number;
  p50?: number;
  p99?: number;
  /** How many measurements it stands on. */
  n: number;
  /** What one has to know to read it. */
  note?: string;
};

export type Report = (figure: Figure) => void;

/** The figure of several measurements; the 99th percentile only where there are enough for one. */
export function spread(values: readonly number[]): Pick<Figure, 'p50' | 'p99' | 'n'> {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (share: number) =>
    rounded(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN);
  return { p50: at(0.5), ...(sorted.length >= 100 && { p99: at(0.99) }), n: sorted.length };
}

/** Three significant digits, as more would claim what no measurement here can know. */
export function rounded(value: number): number {
  return Number(value.toPrecision(3));
}

/** The figures as a table for people. */
export function table(figures: readonly Figure[]): string {
  const head = ['bench', 'of', 'value', 'p50', 'p99', 'unit', 'n', 'note'];
  const rows = figures.map((figure) => head.map((name) => String(figure[name as keyof Figure] ?? '')));
  const widths = head.map((name, column) => Math.max(name.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
