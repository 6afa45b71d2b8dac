import { useEffect, useRef, useState } from 'preact/hooks';
import { sayError } from '../api.ts';
import { useApp } from '../app.ts';
import { StatePill } from '../parts/state-pill.tsx';
import { texts } from '../texts.ts';
import type { Action, Box } from '../types.ts';
import { createKeySender, type KeySender } from './key-sender.ts';
import { Remote } from './remote.tsx';

/** The remote control of a box, and what became of the last keys. */
export function RemotePanel({ box, against }: { box: Box; against: string | null }) {
  const can = against === null;
  const { api, live, notices } = useApp();
  const [isKeyboardOn, setIsKeyboardOn] = useState(false);
  const [last, setLast] = useState<Action | null>(null);
  const sender = useRef<KeySender | null>(null);
  useEffect(() => {
    const failed = (error: unknown) => notices.say('bad', texts.send.failed(texts.remote.title, sayError(error)));
    const made = createKeySender({ api, live, box: box.id, told: setLast, failed });
    sender.current = made;
    return made.stop;
  }, [api, live, notices, box.id]);
  const keys = last?.params.keys;

  return (
    <section class="remote-panel" aria-label={texts.remote.title}>
      <Remote disabled={!can} keyboard={isKeyboardOn} press={(key) => sender.current?.press(key)} />
      <label class="check">
        <input
          type="checkbox"
          checked={isKeyboardOn}
          disabled={!can}
          onChange={(event) => setIsKeyboardOn(event.currentTarget.checked)}
        />
        {texts.remote.keyboard}
      </label>
      <p class="remote-note" role="status">
        {against}
        {last && Array.isArray(keys) && (
          <>
            <StatePill state={last.state} /> <code>{keys.join(' ')}</code>
            {last.error && <span class="bad"> {last.error.message}</span>}
          </>
        )}
      </p>
    </section>
  );
}
