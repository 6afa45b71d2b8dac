import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useApp } from '../app.ts';
import { showBytes, showDegrees, showPercent, showSpan } from '../format.ts';
import { type Line, Plot } from '../parts/plot.tsx';
import { Empty, Failure, Loading } from '../parts/states.tsx';
import { useLoad } from '../parts/use-load.ts';
import { texts } from '../texts.ts';
import type { Box } from '../types.ts';
import { type Part, type Plotted, type Point, pointOf, pointOfReport, withGaps } from './telemetry-point.ts';

/** Seconds of each view, and in how many parts it is asked for. */
const spans = {
  hour: { seconds: 3_600, points: 360 },
  day: { seconds: 86_400, points: 288 },
  week: { seconds: 7 * 86_400, points: 336 },
} as const;
type Span = keyof typeof spans;

/** Powers of two, as `showBytes` counts. */
const roundBytes = Array.from({ length: 50 }, (_, power) => 2 ** power);

/** How the box was over an hour, a day or a week; the newest comes in live. */
export function TelemetryPanel({ box }: { box: Box }) {
  const { api, live } = useApp();
  const [span, setSpan] = useState<Span>('hour');
  const loaded = useLoad(`telemetry ${box.id} ${span}`, async () => {
    const to = Date.now();
    const query = new URLSearchParams({
      from: new Date(to - spans[span].seconds * 1000).toISOString(),
      to: new Date(to).toISOString(),
      points: String(spans[span].points),
    });
    const { items } = await api.get<{ items: Part[] }>(`/stb/v1/boxes/${box.id}/telemetry/history?${query}`);
    return items.map(pointOf);
  });
  const latest = useRef(loaded);
  latest.current = loaded;
  const said = useRef(box.telemetry?.at);
  useEffect(
    () =>
      live.on('box', ({ id, telemetry, lastSeen }) => {
        const before = latest.current.value;
        if (id !== box.id || telemetry === null || lastSeen === null || before === undefined) return;
        // A report is known by the box's own time; that it was heard again says nothing new.
        if (telemetry.at === said.current) return;
        said.current = telemetry.at;
        latest.current.value = [...before, pointOfReport(telemetry, lastSeen)];
        latest.current.set(latest.current.value);
      }),
    [live, box.id],
  );

  const shown = loaded.value;
  const range = useMemo((): readonly [number, number] => {
    const end = Math.max(Date.now() / 1000, shown?.at(-1)?.at ?? 0);
    return [end - spans[span].seconds, end];
  }, [shown, span]);

  return (
    <section class="card" aria-labelledby="telemetry-title">
      <div class="card-head">
        <h2 id="telemetry-title">{texts.telemetry.title}</h2>
        <fieldset class="segments">
          <legend class="unseen">{texts.telemetry.span}</legend>
          {(Object.keys(spans) as Span[]).map((name) => (
            <label key={name}>
              <input type="radio" name="span" checked={span === name} onChange={() => setSpan(name)} />
              {texts.telemetry.spans[name]}
            </label>
          ))}
        </fieldset>
      </div>
      {loaded.error !== null ? (
        <Failure text={loaded.error} retry={loaded.again} />
      ) : shown === undefined ? (
        <Loading />
      ) : shown.every((point) => point.at < range[0]) ? (
        <Empty title={texts.telemetry.none} text={texts.telemetry.noneText} />
      ) : (
        <Plots points={shown} size={spans[span].seconds / spans[span].points} range={range} />
      )}
    </section>
  );
}

function Plots({
  points: found,
  size,
  range,
}: {
  points: readonly Point[];
  size: number;
  range: readonly [number, number];
}) {
  const { words, summary } = texts.telemetry;
  const points = useMemo(() => withGaps(found, size), [found, size]);
  const x = useMemo(() => points.map(({ at }) => at), [points]);
  const has = (name: Plotted) => points.some((point) => point[name] !== null);
  const lines = useMemo(() => {
    const line = (name: Plotted, colour: string, say: Line['say']): Line => ({
      label: words[name],
      colour,
      say,
      values: points.map((point) => point[name]?.mean ?? null),
      least: points.map((point) => point[name]?.least ?? null),
      most: points.map((point) => point[name]?.most ?? null),
      dots: points.length < 40,
    });
    return {
      load: [line('cpu', '--plot-1', showPercent), line('memory', '--plot-2', showPercent)],
      temperature: [line('temperature', '--plot-3', showDegrees)],
      uptime: [line('uptime', '--plot-4', showSpan)],
      disk: [line('disk', '--plot-5', showBytes)],
    };
  }, [points, words]);
  const reports = points.reduce((sum, point) => sum + point.reports, 0);
  const last = points.at(-1);
  const round = (value: number | undefined) => (value === undefined ? null : Math.round(value));
  const common = { x, isTime: true, range, height: 8 };
  return (
    <div class="plots">
      <Plot
        {...common}
        lines={lines.load}
        most={100}
        sayAxis={showPercent}
        height={11}
        summary={summary(reports, round(last?.cpu?.mean), round(last?.memory?.mean))}
      />
      {has('temperature') && (
        <Plot {...common} lines={lines.temperature} most={110} sayAxis={showDegrees} summary={words.temperature} />
      )}
      {has('disk') && (
        <Plot {...common} lines={lines.disk} sayAxis={showBytes} steps={roundBytes} summary={words.disk} />
      )}
      {!has('temperature') && has('uptime') && (
        <Plot {...common} lines={lines.uptime} sayAxis={showSpan} summary={words.uptime} />
      )}
    </div>
  );
}
