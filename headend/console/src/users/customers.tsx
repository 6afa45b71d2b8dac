import { useApp } from '../app.ts';
import { CustomerField } from '../parts/customer-field.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { CheckField, TextField } from '../parts/text-field.tsx';
import { useDraft } from '../parts/use-draft.ts';
import { texts } from '../texts.ts';
import type { Customer } from '../types.ts';

const features = ['IPTVBUSINESS', 'IPTVPRIVATE'] as const;

/** Whom the headend serves, and what each has. */
export function Customers() {
  const { session } = useApp();
  const [open, setOpen] = useDraft<Customer | 'new' | null>('customers', null);
  return (
    <section aria-labelledby="customers-title" class="below">
      <div class="head">
        <h2 id="customers-title">{texts.customers.title}</h2>
        <button type="button" class="plain" onClick={() => setOpen('new')}>
          {texts.customers.create}
        </button>
      </div>
      <ListTable
        items={session.customers.value}
        idOf={({ id }) => id}
        columns={[
          { name: texts.customers.name, show: ({ name }) => name },
          { name: texts.customers.parent, show: ({ parent }) => session.nameOf(parent) },
          {
            name: texts.customers.features,
            show: ({ features }) =>
              features.map((feature) => texts.customers.featureNames[feature] ?? feature).join(', ') || '–',
          },
        ]}
        buttons={(customer) => (
          <button type="button" class="plain" onClick={() => setOpen(customer)}>
            {texts.common.change}
          </button>
        )}
      />
      {open !== null && <CustomerForm customer={open === 'new' ? null : open} close={() => setOpen(null)} />}
    </section>
  );
}

function CustomerForm({ customer, close }: { customer: Customer | null; close: () => void }) {
  const { api, session } = useApp();
  const nameOf = (field: string) => `customer ${customer?.id} ${field}`;
  const [name, setName] = useDraft(nameOf('name'), customer?.name ?? '');
  const [parent, setParent] = useDraft(nameOf('parent'), customer?.parent ?? '');
  const [chosen, setChosen] = useDraft<readonly string[]>(nameOf('features'), customer?.features ?? []);
  const submit = async () => {
    const body = { name, features: chosen, parent: parent === '' ? null : parent };
    await api.post(customer === null ? '/stb/v1/customers' : `/stb/v1/customers/${customer.id}`, body);
    await session.refresh();
  };
  return (
    <FormDialog
      title={customer?.name ?? texts.customers.create}
      action={texts.common.save}
      close={close}
      submit={submit}
    >
      <TextField name={texts.customers.name} field="name" value={name} set={setName} required autofocus />
      <CustomerField
        name={texts.customers.parent}
        field="parent"
        value={parent}
        set={setParent}
        none={texts.common.nothing}
        {...(customer && { except: customer.id })}
      />
      <fieldset class="field">
        <legend>{texts.customers.features}</legend>
        {features.map((feature) => (
          <CheckField
            key={feature}
            name={texts.customers.featureNames[feature] ?? feature}
            isOn={chosen.includes(feature)}
            set={(isOn) => setChosen(isOn ? [...chosen, feature] : chosen.filter((each) => each !== feature))}
          />
        ))}
      </fieldset>
    </FormDialog>
  );
}
