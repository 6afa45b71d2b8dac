import { useEffect } from 'preact/hooks';
import { useApp } from '../app.ts';
import { showCount } from '../format.ts';
import { CustomerField } from '../parts/customer-field.tsx';
import { DeleteDialog, FormDialog } from '../parts/form-dialog.tsx';
import { ChangeButtons, ListTable } from '../parts/list-table.tsx';
import { Empty } from '../parts/states.tsx';
import { TextField } from '../parts/text-field.tsx';
import { useDraft } from '../parts/use-draft.ts';
import { href } from '../router.ts';
import { texts } from '../texts.ts';
import type { Group } from '../types.ts';
import { GroupMembers } from './group-members.tsx';

type Open = { kind: 'form'; group: Group | null } | { kind: 'delete' | 'members'; group: Group } | null;

/** The groups: make, rename and delete them, and put boxes in. */
export function GroupsScreen() {
  const { api, session } = useApp();
  const [open, setOpen] = useDraft<Open>('groups', null);
  const groups = session.groups.value;
  const may = session.may.value;
  // Where that fails, what is known stays.
  useEffect(() => void session.refresh().catch(() => undefined), [session]);
  const close = () => setOpen(null);
  const after = async (change: Promise<unknown>) => {
    await change;
    await session.refresh();
  };

  return (
    <div>
      <div class="head">
        <h1>{texts.sections.groups}</h1>
        {may.changes && (
          <button type="button" class="primary" onClick={() => setOpen({ kind: 'form', group: null })}>
            {texts.groups.create}
          </button>
        )}
      </div>
      {groups.length === 0 ? (
        <Empty icon="groups" title={texts.groups.none} text={texts.groups.noneText} />
      ) : (
        <ListTable
          items={groups}
          idOf={({ id }) => id}
          columns={[
            { name: texts.groups.name, show: ({ id, name }) => <a href={href('/fleet', { group: id })}>{name}</a> },
            { name: texts.groups.customer, show: ({ customer }) => session.nameOf(customer) },
            { name: texts.groups.boxes, isCount: true, show: ({ boxes }) => showCount(boxes) },
          ]}
          buttons={(group) => (
            <>
              {may.types.length > 0 && may.actsFor(group.customer) && (
                <a class="plain" href={href('/act', { target: 'group', group: group.id })}>
                  {texts.sections.act}
                </a>
              )}
              {may.changes && (
                <>
                  <button type="button" class="plain" onClick={() => setOpen({ kind: 'members', group })}>
                    {texts.groups.members}
                  </button>
                  <ChangeButtons
                    change={() => setOpen({ kind: 'form', group })}
                    remove={() => setOpen({ kind: 'delete', group })}
                  />
                </>
              )}
            </>
          )}
        />
      )}
      {open?.kind === 'form' && <GroupForm group={open.group} close={close} after={after} />}
      {open?.kind === 'members' && <GroupMembers group={open.group} close={close} />}
      {open?.kind === 'delete' && (
        <DeleteDialog
          name={open.group.name}
          means={texts.groups.deleteMeans}
          close={close}
          submit={() => after(api.call('DELETE', `/iptv/devicegroup/${open.group.id}`))}
        />
      )}
    </div>
  );
}

/** Makes a group, or renames one: whose it is stays. */
function GroupForm(props: { group: Group | null; close(): void; after(change: Promise<unknown>): Promise<void> }) {
  const { group, close, after } = props;
  const { api, session } = useApp();
  const customers = session.customers.value;
  const [name, setName] = useDraft(`group ${group?.id} name`, group?.name ?? '');
  const [customer, setCustomer] = useDraft(
    `group ${group?.id} customer`,
    session.user.value?.customer ?? customers[0]?.id ?? '',
  );
  const same = name.trim().toLowerCase();
  const taken = session.groups.value.find(
    (other) =>
      other.id !== group?.id && other.customer === (group?.customer ?? customer) && other.name.toLowerCase() === same,
  );
  return (
    <FormDialog
      title={group?.name ?? texts.groups.create}
      action={texts.common.save}
      disabled={taken !== undefined}
      close={close}
      submit={() =>
        after(
          group === null
            ? api.post('/iptv/devicegroup', { name, customer })
            : api.post(`/iptv/devicegroup/${group.id}`, { name }),
        )
      }
    >
      <TextField
        name={texts.groups.name}
        field="name"
        value={name}
        set={setName}
        required
        autofocus
        isWrong={taken !== undefined}
        {...(taken && { hint: texts.groups.taken(taken.name) })}
      />
      {group === null && customers.length > 1 && (
        <CustomerField name={texts.groups.customer} value={customer} set={setCustomer} />
      )}
    </FormDialog>
  );
}
