import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { texts } from '../texts.ts';

const toldMs = 2_000;

/** A text as it stands, and the button that copies it; `children` are buttons beside. */
export function Copyable(props: { text: string; name?: string; isMain?: boolean; children?: ComponentChildren }) {
  const { text, name, isMain = false, children } = props;
  const place = useRef<HTMLPreElement>(null);
  const [isCopied, setIsCopied] = useState(false);
  const copy = async () => {
    // Over plain HTTP a browser lets no script write to the clipboard, but copies what is selected.
    if (navigator.clipboard) await navigator.clipboard.writeText(text);
    else if (place.current) {
      getSelection()?.selectAllChildren(place.current);
      document.execCommand('copy');
    }
    setIsCopied(true);
    setTimeout(() => setIsCopied(false), toldMs);
  };
  return (
    <>
      <pre ref={place} tabIndex={0} class={name}>
        {text}
      </pre>
      <div class="row">
        <button type="button" class={isMain ? 'primary' : 'plain'} onClick={() => void copy()}>
          {isCopied ? texts.common.copied : texts.common.copy}
        </button>
        {children}
      </div>
    </>
  );
}
