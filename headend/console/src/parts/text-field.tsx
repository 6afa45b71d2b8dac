import { useEffect, useRef } from 'preact/hooks';

/** A field of one line with its name above. */
export function TextField(props: {
  name: string;
  value: string;
  set(value: string): void;
  required?: boolean;
  autofocus?: boolean;
  /** Whether a keyboard of digits suits it. */
  numeric?: boolean;
  hint?: string;
  /** Whether what is in it cannot be taken; `hint` says why. */
  isWrong?: boolean;
}) {
  const { name, value, set, hint, autofocus = false } = props;
  const input = useRef<HTMLInputElement>(null);
  // A browser does it by itself only once for a page, and this page is never left.
  useEffect(() => {
    if (autofocus) input.current?.focus();
  }, [autofocus]);
  return (
    <label class="field">
      <span>{name}</span>
      <input
        ref={input}
        inputMode={props.numeric ? 'decimal' : 'text'}
        required={props.required ?? false}
        autofocus={autofocus}
        autocomplete="off"
        aria-invalid={props.isWrong ? 'true' : undefined}
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
      {hint !== undefined && <small class={props.isWrong ? 'bad' : 'faint'}>{hint}</small>}
    </label>
  );
}

/** A choice of one of several, with its name above. */
export function SelectField<T extends string>(props: {
  name: string;
  value: T;
  options: readonly (readonly [T, string])[];
  set(value: T): void;
}) {
  const { name, value, options, set } = props;
  return (
    <label class="field">
      <span>{name}</span>
      <select value={value} onChange={(event) => set(event.currentTarget.value as T)}>
        {options.map(([id, label]) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A box to tick, with what it means behind. */
export function CheckField(props: { name: string; isOn: boolean; set(isOn: boolean): void }) {
  return (
    <label class="check">
      <input type="checkbox" checked={props.isOn} onChange={(event) => props.set(event.currentTarget.checked)} />
      {props.name}
    </label>
  );
}
