import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { useConfirmed } from '../parts/count-dialog.tsx';
import { texts } from '../texts.ts';
import type { ActionType, Box } from '../types.ts';
import type { Reasons } from './reason-against.ts';
import { useSend } from './use-send.ts';

/** So long the volume has to rest before it is asked for: the arrow keys change it step by step. */
const restMs = 400;

/** What is done most, in one click. */
export function QuickActions({ box, against }: { box: Box; against: Reasons }) {
  const send = useSend(box);
  const { confirmed, dialog } = useConfirmed();
  const volume = box.telemetry?.volume;
  const [wanted, setWanted] = useState(volume);
  useEffect(() => {
    if (volume !== undefined) setWanted(volume);
  }, [volume]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const askVolume = (value: number, after = 0) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void send('VOLUME', { volume: value }), after);
  };
  /** What keeps a control from being used is said at it. */
  const whether = (type: ActionType) => {
    const reason = against(type);
    return { disabled: reason !== null, title: reason ?? undefined };
  };

  return (
    <section class="card quick" aria-label={texts.quick.title}>
      <form
        class="volume"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== undefined) askVolume(wanted);
        }}
      >
        <label>
          <Icon name="volume" />
          <span class="unseen">{texts.quick.volume}</span>
          <input
            type="range"
            min="0"
            max="100"
            value={wanted ?? 50}
            {...whether('VOLUME')}
            onInput={(event) => setWanted(Number(event.currentTarget.value))}
            onChange={(event) => askVolume(Number(event.currentTarget.value), restMs)}
          />
          <output>{wanted ?? texts.common.nothing}</output>
        </label>
      </form>
      <button
        type="button"
        class="plain"
        {...whether('EMULATEKEYS')}
        onClick={() => void send('EMULATEKEYS', { keys: ['MUTE'] })}
      >
        <Icon name="mute" /> {texts.quick.mute}
      </button>
      <button type="button" class="plain" {...whether('UI')} onClick={() => void send('UI', {})}>
        <Icon name="follow" /> {texts.quick.reload}
      </button>
      <button
        type="button"
        class="plain danger"
        {...whether('REBOOT')}
        onClick={() => confirmed({ type: 'REBOOT', boxes: 1, name: box.name, send: () => send('REBOOT', {}) })}
      >
        <Icon name="power" /> {texts.quick.reboot}
      </button>
      {dialog}
    </section>
  );
}
