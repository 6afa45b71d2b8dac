import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '../app.ts';
import { showBytes } from '../format.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { At } from '../parts/time.tsx';
import { useLoad } from '../parts/use-load.ts';
import { texts } from '../texts.ts';
import type { Action, ActionWithReports, Report } from '../types.ts';

/** Everything about one action: its parameters, each report as it came, and what belongs to it. */
export function ActionDetail({ action }: { action: Action }) {
  const { api, live } = useApp();
  const loaded = useLoad(`action ${action.id}`, () => api.get<ActionWithReports>(`/stb/v1/actions/${action.id}`));
  const again = useRef(loaded.again);
  again.current = loaded.again;
  useEffect(() => live.on('report', ({ action: id }) => void (id === action.id && again.current())), [live, action.id]);
  // A final state may come without a report: the headend itself expires and cancels.
  // The state is what makes it ask again.
  useEffect(() => void again.current(), [action.state]);

  if (loaded.error !== null) return <Failure text={loaded.error} retry={loaded.again} />;
  if (loaded.value === undefined) return <Loading />;
  const { reports, artifact, params, id, when, expires } = loaded.value;
  return (
    <div class="action-detail">
      <dl class="facts">
        <div>
          <dt>{texts.actions.id}</dt>
          <dd>
            <code>{id}</code>
          </dd>
        </div>
        {when !== null && <Time name={texts.actions.planned} at={when} />}
        {expires !== null && <Time name={texts.actions.expires} at={expires} />}
      </dl>
      {Object.keys(params).length > 0 && <pre>{JSON.stringify(params, null, 2)}</pre>}
      <ol class="reports">
        <li>
          <At at={loaded.value.createdAt} /> <strong>{texts.actions.created}</strong>
        </li>
        {reports.map((report) => (
          <ReportLine key={report.report} report={report} />
        ))}
      </ol>
      {artifact && (
        <p>
          <a href={artifact.url} target="_blank" rel="noreferrer">
            {texts.actions.artifact(artifact.contentType, showBytes(artifact.bytes))}
          </a>
        </p>
      )}
      {artifact?.contentType === 'image/png' && <img class="artifact" src={artifact.url} alt={texts.screen.title} />}
    </div>
  );
}

function Time({ name, at }: { name: string; at: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        <At at={at} />
      </dd>
    </div>
  );
}

function ReportLine({ report }: { report: Report & { receivedAt: string } }) {
  const { state, open, progress, result, error } = report;
  return (
    <li>
      <At at={report.receivedAt} /> <strong>{texts.reportStates[state]}</strong>
      {open && ` ${texts.actions.goesOn}`}
      {progress && (
        <>
          {' '}
          {progress.phase} <progress max="100" value={progress.percent ?? 0} aria-label={progress.phase ?? state} />
        </>
      )}
      {error && (
        <p class="bad">
          {error.message} <code>{error.code}</code>
        </p>
      )}
      {result && Object.keys(result).length > 0 && <Result result={result} />}
    </li>
  );
}

/** A result whose values are plain as names and values; anything deeper as it came, to unfold. */
function Result({ result }: { result: Record<string, unknown> }) {
  const plain = Object.entries(result).filter(([, value]) => typeof value !== 'object' || value === null);
  const isDeep = plain.length < Object.keys(result).length;
  return (
    <>
      <dl class="facts small">
        {plain.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{String(value)}</dd>
          </div>
        ))}
      </dl>
      {isDeep && (
        <details>
          <summary>{texts.actions.whole}</summary>
          <pre>{JSON.stringify(result, null, 2)}</pre>
        </details>
      )}
    </>
  );
}
