import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useRefusal } from './refusal.ts';

/** A field of one line with its name above. */
export function TextField(props: {
  name: string;
  value: string;
  set(value: string): void;
  /** What the API calls it; what is refused of it is shown here. */
  field?: string;
  required?: boolean;
  autofocus?: boolean;
  /** Whether a keyboard of digits suits it. */
  numeric?: boolean;
  hint?: string;
  /** Whether what is in it cannot be taken; `hint` says why. */
  isWrong?: boolean;
  /** What to think of before it is taken. */
  warning?: string | undefined;
}) {
  const { name, value, set, autofocus = false } = props;
  const input = useRef<HTMLInputElement>(null);
  // A browser does it by itself only once for a page, and this page is never left.
  useEffect(() => {
    if (autofocus) input.current?.focus();
  }, [autofocus]);
  const refused = useRefusal(props.field);
  const isWrong = refused !== undefined || (props.isWrong ?? false);
  return (
    <Named name={name} refused={refused} hint={props.hint} isWrong={isWrong}>
      <input
        ref={input}
        name={props.field}
        inputMode={props.numeric ? 'decimal' : 'text'}
        required={props.required ?? false}
        autofocus={autofocus}
        autocomplete="off"
        aria-invalid={isWrong ? 'true' : undefined}
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
      <small class="warning" role="status">
        {props.warning}
      </small>
    </Named>
  );
}

/** A field of several lines with its name above; `field` is what the API calls it. */
export function AreaField(props: {
  name: string;
  field: string;
  value: string;
  rows: number;
  isCode?: boolean;
  set(value: string): void;
}) {
  const refused = useRefusal(props.field);
  return (
    <Named name={props.name} refused={refused}>
      <textarea
        name={props.field}
        rows={props.rows}
        class={props.isCode ? 'mono' : undefined}
        aria-invalid={refused === undefined ? undefined : 'true'}
        value={props.value}
        onInput={(event) => props.set(event.currentTarget.value)}
      />
    </Named>
  );
}

/** A choice of one of several, with its name above. */
export function SelectField<T extends string>(props: {
  name: string;
  value: T;
  options: readonly (readonly [T, string])[];
  set(value: T): void;
  /** What the API calls it; what is refused of it is shown here. */
  field?: string | undefined;
}) {
  const { name, value, options, set } = props;
  const refused = useRefusal(props.field);
  return (
    <Named name={name} refused={refused}>
      <select
        name={props.field}
        value={value}
        aria-invalid={refused === undefined ? undefined : 'true'}
        onChange={(event) => set(event.currentTarget.value as T)}
      >
        {options.map(([id, label]) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </select>
    </Named>
  );
}

/** A label around a field, with what is to be said of it below: what was refused, or else a hint. */
function Named(props: {
  name: string;
  refused: string | undefined;
  hint?: string | undefined;
  isWrong?: boolean;
  children: ComponentChildren;
}) {
  const { name, refused, hint, isWrong = false, children } = props;
  return (
    <label class="field">
      <span>{name}</span>
      {children}
      {refused !== undefined ? (
        <small class="bad" role="alert">
          {refused}
        </small>
      ) : (
        hint !== undefined && <small class={isWrong ? 'bad' : 'faint'}>{hint}</small>
      )}
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
