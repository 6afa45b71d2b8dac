import type { ActionType } from '../../../../agent/protocol/params.ts';
import { texts } from '../texts.ts';
import { ChannelField } from './channel-field.tsx';
import { type Field, labelOf } from './fields.ts';
import { KeysField } from './keys-field.tsx';
import { MessageField } from './message-field.tsx';

export type FieldProps = {
  value: unknown;
  problem: string | undefined;
  set(value: unknown): void;
};

/** The form for the parameters of a type. A blank field is a parameter that is not sent. */
export function ParamFields(props: {
  type: ActionType;
  fields: readonly Field[];
  params: Record<string, unknown>;
  problems: Record<string, string>;
  set(name: string, value: unknown): void;
}) {
  const { type, fields, params, problems, set } = props;
  if (fields.length === 0) return <p class="faint">{texts.act.noParams}</p>;
  return (
    <div class="param-fields">
      {fields.map((field) => {
        const common: FieldProps = {
          value: params[field.name],
          problem: problems[field.name],
          set: (value) => set(field.name, value),
        };
        if (field.name === 'message') return <MessageField key={field.name} {...common} field={field} />;
        if (field.name === 'channel' || field.name === 'radiochannel') {
          return <ChannelField key={field.name} {...common} field={field} radio={field.name === 'radiochannel'} />;
        }
        if (field.kind === 'keys') return <KeysField key={field.name} {...common} field={field} />;
        return <PlainField key={`${type} ${field.name}`} {...common} field={field} />;
      })}
    </div>
  );
}

function PlainField({ field, value, problem, set }: FieldProps & { field: Field }) {
  const id = `param-${field.name}`;
  const described = { 'aria-describedby': `${id}-note`, 'aria-invalid': problem !== undefined };
  return (
    <div class="field">
      {field.kind === 'flag' ? (
        <label class="check" for={id}>
          <input
            id={id}
            type="checkbox"
            checked={value === true}
            onChange={(event) => set(event.currentTarget.checked ? true : undefined)}
          />
          {texts.params[field.name] ?? field.name}
        </label>
      ) : (
        <label for={id}>{labelOf(field)}</label>
      )}
      {field.kind === 'choice' && (
        <select
          id={id}
          {...described}
          value={String(value ?? '')}
          onChange={(event) => set(event.currentTarget.value || undefined)}
        >
          <option value="">{texts.common.nothing}</option>
          {field.options.map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      )}
      {field.kind === 'number' && (
        <input
          id={id}
          type="number"
          {...described}
          min={field.min}
          max={field.max}
          step={field.whole ? 1 : 'any'}
          value={value === undefined || Number.isNaN(value) ? '' : String(value)}
          onInput={({ currentTarget: { value: typed, validity, valueAsNumber } }) =>
            // What is half typed is no number, and not blank.
            set(typed === '' && !validity.badInput ? undefined : valueAsNumber)
          }
        />
      )}
      {field.kind === 'text' &&
        (field.long ? (
          <textarea
            id={id}
            class="mono"
            rows={8}
            {...described}
            value={String(value ?? '')}
            onInput={(event) => set(event.currentTarget.value || undefined)}
          />
        ) : (
          <input
            id={id}
            {...described}
            value={String(value ?? '')}
            maxLength={field.maxLength}
            onInput={(event) => set(event.currentTarget.value || undefined)}
          />
        ))}
      <small id={`${id}-note`} class={problem === undefined ? 'faint' : 'bad'}>
        {problem ?? texts.paramHints[field.name]}
      </small>
    </div>
  );
}
