import { useApp } from '../app.ts';
import { CustomerField } from '../parts/customer-field.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { SelectField, TextField } from '../parts/text-field.tsx';
import { useDraft } from '../parts/use-draft.ts';
import { texts } from '../texts.ts';
import { type Role, roles, type User } from '../types.ts';

/** Makes a user, whose token comes back once; or changes one, whose token stays. */
export function UserForm(props: {
  user: User | null;
  close(): void;
  changed(user: User): Promise<void>;
  issued(user: User & { token: string }): Promise<void>;
}) {
  const { user, close, changed, issued } = props;
  const { api, session } = useApp();
  const nameOf = (field: string) => `user ${user?.id} ${field}`;
  const [name, setName] = useDraft(nameOf('name'), user?.name ?? '');
  const [role, setRole] = useDraft<Role>(nameOf('role'), user?.role ?? 'VIEWER');
  const [customer, setCustomer] = useDraft(nameOf('customer'), user?.customer ?? session.customers.value[0]?.id ?? '');
  const submit = async () => {
    const body = { name, role, customer: role === 'ADMIN' ? null : customer };
    if (user === null) await issued(await api.post<User & { token: string }>('/stb/v1/users', body));
    else await changed(await api.post<User>(`/stb/v1/users/${user.id}`, body));
  };
  return (
    <FormDialog
      title={user?.name ?? texts.users.create}
      action={texts.common.save}
      close={close}
      closesItself
      submit={submit}
    >
      <TextField name={texts.users.name} field="name" value={name} set={setName} required autofocus />
      <SelectField<Role>
        name={texts.users.role}
        field="role"
        value={role}
        options={roles.map((each) => [each, texts.roles[each]] as const)}
        set={setRole}
      />
      <p class="faint">{texts.users.roleMeans[role]}</p>
      {role !== 'ADMIN' && <CustomerField name={texts.users.customer} value={customer} set={setCustomer} />}
      {user !== null && <p class="faint">{texts.users.changed}</p>}
    </FormDialog>
  );
}
