import { useApp } from '../app.ts';
import { SelectField } from './text-field.tsx';

/** Chooses one of the customers, or nobody where `none` says what that means. */
export function CustomerField(props: {
  name: string;
  value: string;
  set(id: string): void;
  none?: string;
  except?: string;
  /** What the API calls it; `customer` by default. */
  field?: string;
}) {
  const { name, value, set, none, except, field = 'customer' } = props;
  const { session } = useApp();
  const options = session.customers.value
    .filter(({ id }) => id !== except)
    .map(({ id, name: says }) => [id, says] as const);
  return (
    <SelectField
      name={name}
      field={field}
      value={value}
      set={set}
      options={none === undefined ? options : [['', none], ...options]}
    />
  );
}
