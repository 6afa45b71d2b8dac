import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { dateNames, showNumber, showPoint } from '../format.ts';
import { texts } from '../texts.ts';

export type Line = {
  label: string;
  /** A colour of the style sheet, such as `--plot-1`. */
  colour: string;
  values: readonly (number | null)[];
  /** Where a value stands for several: the least and the most of them, as a band around the line. */
  least?: readonly (number | null)[];
  most?: readonly (number | null)[];
  /** The figure in words, with its unit. */
  say: (value: number) => string;
  /** The figure of the whole line, which the legend says while nothing is pointed at; the last value by default. */
  whole?: number;
  fill?: boolean;
  dots?: boolean;
  /** Whether the line goes on over moments at which only another line has a value. */
  spansGaps?: boolean;
};

/** Lines over a common axis. `x` are seconds: since 1970 where `isTime`, else as they are. The figures stand in `summary` for those who cannot see it. */
export function Plot(props: {
  x: readonly number[];
  lines: readonly Line[];
  isTime: boolean;
  /** From and to on the x axis; what the data needs by default. */
  range?: readonly [number, number];
  /** What stands at the y axis; plain numbers by default, which have a `unit` beside them. */
  sayAxis?: (value: number) => string;
  unit?: string;
  /** How far the marks of the y axis may be apart; what is round in tens by default. */
  steps?: readonly number[];
  /** The top of the y axis; what the data needs by default. */
  most?: number;
  height: number;
  summary: string;
}) {
  const place = useRef<HTMLDivElement>(null);
  const { x, lines, isTime, range, most, height, sayAxis, unit, steps } = props;
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    let plot = draw(element);
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: plot.height }));
    observer.observe(element);
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    const redraw = () => {
      plot.destroy();
      plot = draw(element);
    };
    scheme.addEventListener('change', redraw);
    return () => {
      observer.disconnect();
      scheme.removeEventListener('change', redraw);
      plot.destroy();
    };

    function draw(target: HTMLElement): uPlot {
      const style = getComputedStyle(target);
      const colour = (name: string) => style.getPropertyValue(name).trim();
      const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
      const axis: uPlot.Axis = {
        stroke: colour('--faint-plain'),
        grid: { stroke: colour('--plot-grid'), width: 1 },
        ticks: { show: false },
        // uPlot takes whole pixels only, and else makes the lines of a text too far apart to be seen.
        font: `${Math.round(0.78 * rem)}px system-ui, sans-serif`,
      };
      const edge: uPlot.Series = { class: 'edge', width: 0, points: { show: false } };
      const banded = lines.filter(({ least, most }) => least !== undefined && most !== undefined);
      const edges = banded.flatMap(({ least = [], most = [] }) => [most, least]);
      const bands = banded.map((line, index): uPlot.Band => {
        const first = 1 + lines.length + 2 * index;
        return { series: [first, first + 1], fill: `${colour(line.colour)}33` };
      });
      const series = lines.map(
        (line): uPlot.Series => ({
          label: line.label,
          stroke: colour(line.colour),
          width: 1.6,
          spanGaps: line.spansGaps ?? false,
          ...(line.fill ? { fill: `${colour(line.colour)}22` } : {}),
          points: { show: line.dots ?? false, size: 6 },
          value: (_, value, __, index) => sayValue(line, index === null ? atRest(line) : value),
        }),
      );
      const sayX = (value: number | null): string => {
        const last = x.at(-1);
        if (last === undefined) return '–';
        if (isTime) return showPoint((value ?? last) * 1000);
        return value === null ? texts.plot.range(showNumber(x[0] ?? 0), showNumber(last)) : String(value);
      };
      return new uPlot(
        {
          width: target.clientWidth,
          height: height * rem,
          padding: [8, 8, 0, 0],
          scales: {
            x: { time: isTime, ...(range === undefined ? {} : { range: [...range] as [number, number] }) },
            y: { range: (_, __, top) => [0, most ?? Math.max(1, top * 1.1)] },
          },
          // Times have their day in a line below.
          axes: [
            { ...axis, size: (isTime ? 2.7 : 1.9) * rem },
            {
              ...axis,
              size: 3.6 * rem,
              ...(sayAxis ? { values: (_, at) => at.map(sayAxis) } : {}),
              ...(steps ? { incrs: [...steps] } : {}),
              ...(unit ? { label: unit, labelSize: 1.1 * rem, labelFont: axis.font } : {}),
            },
          ],
          cursor: { points: { size: 7 }, drag: { x: false, y: false } },
          legend: { live: true },
          series: [
            {
              label: isTime ? texts.plot.time : texts.plot.seconds,
              value: (_, value) => sayX(value),
            },
            ...series,
            ...edges.map(() => edge),
          ],
          bands,
          fmtDate: (template) => (date) => uPlot.fmtDate(hours24(template), dateNames)(date),
        },
        [[...x], ...[...lines.map(({ values }) => values), ...edges].map((values) => [...values])] as uPlot.AlignedData,
        target,
      );
    }
  }, [x, lines, isTime, range, most, height, sayAxis, unit, steps]);

  return (
    <figure class="plot">
      <div ref={place} aria-hidden="true" />
      <figcaption class="unseen">{props.summary}</figcaption>
    </figure>
  );
}

/** What the legend says of a line while nothing is pointed at. */
function atRest({ whole, values }: Line): number | null {
  return whole ?? values.findLast((value) => value !== null) ?? null;
}

function sayValue({ say }: Line, value: number | null | undefined): string {
  return value === null || value === undefined ? '–' : say(value);
}

/** uPlot's templates have twelve hours. */
function hours24(template: string): string {
  return template
    .replace('{h}{aa}', '{HH}:00')
    .replace('{h}', '{HH}')
    .replace('{aa}', '')
    .replace('{M}/{D}/{YY}', '{D} {MMM}')
    .replace('{M}/{D}', '{D} {MMM}');
}
