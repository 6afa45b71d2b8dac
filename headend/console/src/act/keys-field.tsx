import { useRef, useState } from 'preact/hooks';
import { keyGroups, keyTyped } from '../../../../platform/drivers/simulator/tv/shared/keys.js';
import { showCount } from '../format.ts';
import { Icon } from '../icons.tsx';
import { texts } from '../texts.ts';
import type { Field } from './fields.ts';
import type { FieldProps } from './param-fields.tsx';

/** Records a sequence of keys: by a list, by buttons, or from the computer's keyboard. */
export function KeysField({ field, value, problem, set }: FieldProps & { field: Field }) {
  const keys = Array.isArray(value) ? (value as string[]) : [];
  const most = field.kind === 'keys' ? (field.most ?? Number.POSITIVE_INFINITY) : 0;
  const [isRecording, setIsRecording] = useState(false);
  const pad = useRef<HTMLButtonElement>(null);
  const isFull = keys.length >= most;
  const add = (key: string) => !isFull && set([...keys, key]);
  const put = (next: string[]) => set(next.length === 0 ? undefined : next);

  const record = (event: KeyboardEvent) => {
    // Tab leaves the recorder, so that nobody is caught in it.
    if (!isRecording || event.key === 'Tab') return;
    const key = keyTyped(event);
    if (key === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    add(key.key);
  };

  return (
    <fieldset class="field keys-field" aria-describedby="keys-note">
      <legend>{texts.params.keys}</legend>
      <ol class="sequence" aria-label={texts.keys.sequence}>
        {keys.map((key, index) => (
          // A key may come several times, and its place is what it is known by.
          <li key={index}>
            <button
              type="button"
              title={texts.keys.remove(key)}
              onClick={() => put(keys.filter((_, place) => place !== index))}
            >
              {key} <Icon name="close" />
            </button>
          </li>
        ))}
        {keys.length === 0 && <li class="faint">{texts.keys.none}</li>}
      </ol>
      <div class="row">
        <button
          ref={pad}
          type="button"
          class="plain recorder"
          aria-pressed={isRecording}
          onClick={(event) => event.detail > 0 && setIsRecording(!isRecording)}
          onKeyDown={(event) => {
            if (!isRecording && (event.key === 'Enter' || event.key === ' ')) {
              event.preventDefault();
              setIsRecording(true);
            } else record(event);
          }}
          onBlur={() => setIsRecording(false)}
        >
          <Icon name="record" /> {isRecording ? texts.keys.recording : texts.keys.record}
        </button>
        <select
          aria-label={texts.keys.add}
          value=""
          onChange={(event) => {
            add(event.currentTarget.value);
            event.currentTarget.value = '';
          }}
        >
          <option value="">{texts.keys.add}</option>
          {keyGroups.map((group) => (
            <optgroup key={group.name} label={group.name}>
              {group.keys.map(({ key, says }) => (
                <option key={key} value={key}>
                  {says} ({key})
                </option>
              ))}
            </optgroup>
          ))}
        </select>
        {keys.length > 0 && (
          <button type="button" class="plain" onClick={() => set(undefined)}>
            {texts.keys.clear}
          </button>
        )}
      </div>
      <small id="keys-note" class={problem === undefined ? 'faint' : 'bad'}>
        {problem === undefined ? (isFull ? texts.keys.full(showCount(most)) : texts.keys.note) : texts.keys.needed}
      </small>
    </fieldset>
  );
}
