import { useState } from 'preact/hooks';
import { texts } from '../texts.ts';
import { curlLine } from './curl.ts';

const toldMs = 2_000;

/** The same request as a line for the shell, to copy. */
export function CurlBox({ path, body }: { path?: string; body: Record<string, unknown> }) {
  const [isCopied, setIsCopied] = useState(false);
  const line = curlLine(location.origin, body, path);
  const copy = async () => {
    await navigator.clipboard.writeText(line);
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), toldMs);
  };
  return (
    <details class="card curl">
      <summary>{texts.act.curl}</summary>
      <pre tabIndex={0}>{line}</pre>
      <button type="button" class="plain" onClick={() => void copy()}>
        {isCopied ? texts.common.copied : texts.common.copy}
      </button>
    </details>
  );
}
