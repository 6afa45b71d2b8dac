import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { KeyName } from '../../../../agent/protocol/keys.ts';
import {
  capName,
  type KeyGroup,
  keyGroups,
  keyTyped,
  nameOf,
  type RemoteKey,
} from '../../../../platform/drivers/simulator/tv/shared/keys.js';
import { Icon } from '../icons.tsx';
import { takesKeys } from '../shortcuts.ts';
import { texts } from '../texts.ts';

const holdMs = 450;
const repeatMs = 180;
const lightMs = 160;

/**
 * The remote control. `press` is called for each press, and again and again while a repeating key is held. While `keyboard` is on and the
 * remote has the focus, or nothing has, the computer's keyboard presses its keys.
 */
export function Remote(props: { press(key: KeyName): void; disabled: boolean; keyboard: boolean }) {
  const { press, disabled, keyboard } = props;
  const [lit, setLit] = useState<KeyName | null>(null);
  const timers = useRef<{ light?: ReturnType<typeof setTimeout>; hold?: ReturnType<typeof setTimeout> }>({});
  const use = (key: KeyName) => {
    if (disabled) return;
    setLit(key);
    clearTimeout(timers.current.light);
    timers.current.light = setTimeout(() => setLit(null), lightMs);
    press(key);
  };
  const useLatest = useRef(use);
  useLatest.current = use;

  const hold = (key: RemoteKey) => {
    const again = () => {
      useLatest.current(key.key);
      timers.current.hold = setTimeout(again, repeatMs);
    };
    if (key.repeats) timers.current.hold = setTimeout(again, holdMs);
  };
  const release = () => clearTimeout(timers.current.hold);
  useEffect(() => release, []);

  // Not after the next paint: whoever has just ticked the box types at once.
  useLayoutEffect(() => {
    if (!keyboard || disabled) return;
    function typed(event: KeyboardEvent): void {
      if (belongsElsewhere(event)) return;
      const key = keyTyped(event);
      if (key === undefined || (event.repeat && !key.repeats)) return;
      event.preventDefault();
      // Nothing else of the page is to hear it, such as the shortcuts.
      event.stopImmediatePropagation();
      useLatest.current(key.key);
    }
    addEventListener('keydown', typed, { capture: true });
    return () => removeEventListener('keydown', typed, { capture: true });
  }, [keyboard, disabled]);

  return (
    <div
      class="remote"
      data-disabled={disabled}
      onPointerUp={release}
      onPointerCancel={release}
      onPointerLeave={release}
    >
      <span class="beam" aria-hidden="true" data-pressed={lit !== null ? '' : undefined} />
      <p class="remote-brand" aria-hidden="true">
        stb
      </p>
      {keyGroups.map((group) => (
        <Keys key={group.name} group={group} lit={lit} disabled={disabled} use={use} hold={hold} />
      ))}
    </div>
  );
}

function Keys(props: {
  group: KeyGroup;
  lit: KeyName | null;
  disabled: boolean;
  use(key: KeyName): void;
  hold(key: RemoteKey): void;
}) {
  const { group, lit, disabled, use, hold } = props;
  return (
    <div class={`keys ${group.layout}`} role="group" aria-label={group.name}>
      {group.keys.map((key) => [
        <button
          key={key.key}
          type="button"
          class={key.small ? 'key small' : 'key'}
          data-key={key.key}
          data-pressed={lit === key.key ? '' : undefined}
          aria-label={nameOf(key)}
          title={
            key.typed
              ? texts.remote.typed(key.says, key.key, key.typed.map(capName).join(', '))
              : `${key.says} (${key.key})`
          }
          disabled={disabled}
          onClick={() => use(key.key)}
          onPointerDown={(event) => event.button === 0 && hold(key)}
        >
          {key.icon ? <Icon name={key.icon} /> : (key.label ?? '')}
        </button>,
        key.rocker && (
          <span key={key.rocker} class={`rocker-name ${key.rocker.toLowerCase()}`} aria-hidden="true">
            {key.rocker}
          </span>
        ),
      ])}
    </div>
  );
}

/** A field takes all keys; a button or link that has the focus takes those that work it; a dialog everything. */
function belongsElsewhere({ target, key }: KeyboardEvent): boolean {
  if (takesKeys(target) || document.querySelector('dialog[open]') !== null) return true;
  if (!(target instanceof HTMLElement) || target === document.body || target.id === 'main') return false;
  return target.matches('button, summary, a, input') && (key === 'Enter' || key === ' ');
}
