import { useMemo, useState } from 'preact/hooks';
import { useApp } from '../app.ts';
import { showNumber } from '../format.ts';
import { type Line, Plot } from '../parts/plot.tsx';
import { StatePill } from '../parts/state-pill.tsx';
import { Empty } from '../parts/states.tsx';
import { At } from '../parts/time.tsx';
import { texts } from '../texts.ts';
import { type Action, type Box, hasEnded } from '../types.ts';
import { readSpeedTest, type SpeedTest } from './speed-test.ts';
import { useActions } from './use-actions.ts';
import { useSend } from './use-send.ts';

const kept = 30;

/** Speed tests: the last one over its seconds, with its latency and link, and those before it. */
export function SpeedTests({ box, against }: { box: Box; against: string | null }) {
  const { session } = useApp();
  const actions = useActions(box.id, kept, 'SPEEDTEST');
  const send = useSend(box);
  const [chosen, setChosen] = useState<string | null>(null);
  const items = actions.value?.items ?? [];
  const tests = items.flatMap((action) => readSpeedTest(action) ?? []);
  const running = items.find((action) => !hasEnded(action.state));
  const shown = tests.find(({ id }) => id === chosen) ?? tests[0];
  if (!session.may.value.types.includes('SPEEDTEST') && tests.length === 0) return null;

  return (
    <section class="card" aria-labelledby="speed-title">
      <div class="card-head">
        <h2 id="speed-title">{texts.speed.title}</h2>
        {running && <Progress action={running} />}
        <button
          type="button"
          class="plain"
          disabled={against !== null || running !== undefined}
          title={against ?? undefined}
          onClick={() => void send('SPEEDTEST', {})}
        >
          {texts.speed.start}
        </button>
      </div>
      {shown === undefined ? (
        <Empty title={texts.speed.none} text={texts.speed.noneText} />
      ) : (
        <>
          <Test test={shown} />
          {tests.length > 1 && <History tests={tests} chosen={shown.id} choose={setChosen} />}
        </>
      )}
    </section>
  );
}

function Progress({ action }: { action: Action }) {
  const { percent, phase } = action.progress ?? {};
  return (
    <span class="running" role="status">
      <StatePill state={action.state} />
      {phase && <span class="faint">{phase}</span>}
      <progress max="100" value={percent ?? 0} aria-label={texts.speed.title} />
    </span>
  );
}

function Test({ test }: { test: SpeedTest }) {
  const { words } = texts.speed;
  const mbps = (value: number) => `${showNumber(value)} Mbit/s`;
  const { x, lines } = useMemo(() => {
    const times = [...new Set([...test.down, ...test.up].map(({ at }) => at))].sort((a, b) => a - b);
    const valuesOf = (intervals: SpeedTest['down']) => {
      const byTime = new Map(intervals.map(({ at, mbps }) => [at, mbps]));
      return times.map((at) => byTime.get(at) ?? null);
    };
    const common = { say: mbps, fill: true, spansGaps: true };
    const [down, up] = [valuesOf(test.down), valuesOf(test.up)];
    const made: Line[] = [
      { ...common, label: words.down, colour: '--plot-1', values: down, whole: test.downloadMbps },
      { ...common, label: words.up, colour: '--plot-2', values: up, whole: test.uploadMbps },
    ];
    return { x: times, lines: made };
  }, [test, words]);
  return (
    <div class="speed">
      <dl class="figures">
        <Figure name={words.down} value={showNumber(test.downloadMbps)} unit="Mbit/s" />
        <Figure name={words.up} value={showNumber(test.uploadMbps)} unit="Mbit/s" />
        {test.latencyMs !== null && <Figure name={words.latency} value={showNumber(test.latencyMs)} unit="ms" />}
        {test.jitterMs !== null && <Figure name={words.jitter} value={showNumber(test.jitterMs)} unit="ms" />}
      </dl>
      <p class="faint">
        <At at={test.at} />
        {test.link && ` · ${test.link}`}
        {test.server && (
          <>
            {' · '}
            <span class="mono">{test.server}</span>
          </>
        )}
      </p>
      {x.length > 1 && (
        <Plot
          x={x}
          lines={lines}
          isTime={false}
          height={9}
          unit="Mbit/s"
          summary={texts.speed.summary(mbps(test.downloadMbps), mbps(test.uploadMbps))}
        />
      )}
    </div>
  );
}

function Figure({ name, value, unit }: { name: string; value: string; unit: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value} <small>{unit}</small>
      </dd>
    </div>
  );
}

function History(props: { tests: readonly SpeedTest[]; chosen: string; choose(id: string): void }) {
  const { words } = texts.speed;
  return (
    <table class="plain-table">
      <caption>{texts.speed.history}</caption>
      <thead>
        <tr>
          <th>{words.when}</th>
          {[
            [words.down, 'Mbit/s'],
            [words.up, 'Mbit/s'],
            [words.latency, 'ms'],
          ].map(([name, unit]) => (
            <th key={name} class="number">
              {name} <small>{unit}</small>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {props.tests.map((test) => (
          <tr key={test.id} aria-current={test.id === props.chosen}>
            <td>
              <button type="button" class="link" onClick={() => props.choose(test.id)}>
                <At at={test.at} />
              </button>
            </td>
            <td class="number">{showNumber(test.downloadMbps)}</td>
            <td class="number">{showNumber(test.uploadMbps)}</td>
            <td class="number">{test.latencyMs === null ? '–' : showNumber(test.latencyMs)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
