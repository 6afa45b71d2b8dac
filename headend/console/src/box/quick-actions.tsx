import { useEffect, useState } from 'preact/hooks';
import { Icon } from '../icons.tsx';
import { useConfirmed } from '../parts/count-dialog.tsx';
import { texts } from '../texts.ts';
import type { ActionType, Box } from '../types.ts';
import { useSend } from './use-send.ts';

/** What is done most, in one click. */
export function QuickActions({ box, types }: { box: Box; types: readonly ActionType[] }) {
  const send = useSend(box);
  const { confirmed, dialog } = useConfirmed();
  const volume = box.telemetry?.volume;
  const [wanted, setWanted] = useState(volume ?? 50);
  useEffect(() => {
    if (volume !== undefined) setWanted(volume);
  }, [volume]);
  const can = (type: ActionType) => types.includes(type);

  return (
    <section class="card quick" aria-label={texts.quick.title}>
      <form
        class="volume"
        onSubmit={(event) => {
          event.preventDefault();
          void send('VOLUME', { volume: wanted });
        }}
      >
        <label>
          <Icon name="volume" />
          <span class="unseen">{texts.quick.volume}</span>
          <input
            type="range"
            min="0"
            max="100"
            value={wanted}
            disabled={!can('VOLUME')}
            onInput={(event) => setWanted(Number(event.currentTarget.value))}
            onChange={(event) => void send('VOLUME', { volume: Number(event.currentTarget.value) })}
          />
          <output>{wanted}</output>
        </label>
      </form>
      <button
        type="button"
        class="plain"
        disabled={!can('EMULATEKEYS')}
        onClick={() => void send('EMULATEKEYS', { keys: ['MUTE'] })}
      >
        <Icon name="mute" /> {texts.quick.mute}
      </button>
      <button type="button" class="plain" disabled={!can('UI')} onClick={() => void send('UI', {})}>
        <Icon name="follow" /> {texts.quick.reload}
      </button>
      <button
        type="button"
        class="plain danger"
        disabled={!can('REBOOT')}
        onClick={() => confirmed({ type: 'REBOOT', boxes: 1, name: box.name, send: () => send('REBOOT', {}) })}
      >
        <Icon name="power" /> {texts.quick.reboot}
      </button>
      {dialog}
    </section>
  );
}
