import { useApp } from '../app.ts';
import { DeleteDialog } from '../parts/form-dialog.tsx';
import { ListTable } from '../parts/list-table.tsx';
import { Whole } from '../parts/loaded.tsx';
import { useDraft } from '../parts/use-draft.ts';
import { useLoad } from '../parts/use-load.ts';
import { texts } from '../texts.ts';
import type { User } from '../types.ts';
import { Customers } from './customers.tsx';
import { TokenDialog } from './token-dialog.tsx';
import { UserForm } from './user-form.tsx';

type Open =
  | { kind: 'form'; user: User | null }
  | { kind: 'delete' | 'token'; user: User }
  | { kind: 'issued'; name: string; token: string }
  | null;

/** Who may sign in, with which role; a token is shown once, when it is made. Customers stand below. */
export function UsersScreen() {
  const { api, session } = useApp();
  const loaded = useLoad('users', () => api.all<User>('/stb/v1/users'));
  const [open, setOpen] = useDraft<Open>('users', null, (open) => open?.kind === 'form');
  const self = session.user.value?.id;
  const close = () => setOpen(null);
  const changed = async (user: User) => {
    close();
    // Who changes itself may no longer be here.
    if (user.id === self) await session.resume();
    await loaded.again();
  };
  const issued = async (user: User & { token: string }) => {
    setOpen({ kind: 'issued', name: user.name, token: user.token });
    // Who has replaced its own token goes on with the new one, or would not see it for long.
    if (user.id === self) await session.signIn(user.token);
    void loaded.again();
  };

  return (
    <div>
      <div class="head">
        <h1>{texts.sections.users}</h1>
        <button type="button" class="primary" onClick={() => setOpen({ kind: 'form', user: null })}>
          {texts.users.create}
        </button>
      </div>
      <Whole of={loaded}>
        {(users) => (
          <ListTable
            items={users}
            idOf={({ id }) => id}
            columns={[
              {
                name: texts.users.name,
                show: ({ id, name }) => (
                  <>
                    {name} {id === self && <span class="pill calm">{texts.users.you}</span>}
                  </>
                ),
              },
              { name: texts.users.role, show: ({ role }) => texts.roles[role] },
              { name: texts.users.customer, show: ({ customer }) => session.nameOf(customer) },
            ]}
            buttons={(user) => (
              <>
                <button type="button" class="plain" onClick={() => setOpen({ kind: 'token', user })}>
                  {texts.users.newToken}
                </button>
                <button type="button" class="plain" onClick={() => setOpen({ kind: 'form', user })}>
                  {texts.common.change}
                </button>
                {user.id !== self && (
                  <button type="button" class="plain danger" onClick={() => setOpen({ kind: 'delete', user })}>
                    {texts.common.delete}
                  </button>
                )}
              </>
            )}
          />
        )}
      </Whole>
      <Customers />
      {open?.kind === 'form' && <UserForm user={open.user} close={close} changed={changed} issued={issued} />}
      {open?.kind === 'token' && <TokenDialog user={open.user} close={close} issued={issued} />}
      {open?.kind === 'issued' && <TokenDialog token={open.token} name={open.name} close={close} />}
      {open?.kind === 'delete' && (
        <DeleteDialog
          name={open.user.name}
          means={texts.users.deleteMeans}
          close={close}
          submit={() => api.call('DELETE', `/stb/v1/users/${open.user.id}`).then(loaded.again)}
        />
      )}
    </div>
  );
}
