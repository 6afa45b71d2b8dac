import { Copyable } from '../parts/copyable.tsx';
import { texts } from '../texts.ts';
import { curlLine } from './curl.ts';

/** The same request as a line for the shell, to copy. */
export function CurlBox({ path, body }: { path?: string; body: Record<string, unknown> }) {
  return (
    <details class="card curl">
      <summary>{texts.act.curl}</summary>
      <Copyable text={curlLine(location.origin, body, path)} />
    </details>
  );
}
