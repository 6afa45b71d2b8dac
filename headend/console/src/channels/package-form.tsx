import { fold } from '../../../search.ts';
import { useApp } from '../app.ts';
import { CustomerField } from '../parts/customer-field.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { CheckField, TextField } from '../parts/text-field.tsx';
import { useDraft } from '../parts/use-draft.ts';
import { texts } from '../texts.ts';
import type { Channel } from '../types.ts';
import type { Package, Reception } from './packages.tsx';

/** Makes or changes a package: ticks its channels and says how each is received. */
export function PackageForm(props: {
  item: Package | null;
  /** All there are. */
  packages: readonly Package[];
  channels: readonly Channel[];
  close(): void;
  changed(): Promise<void>;
}) {
  const { item, packages, channels, close, changed } = props;
  const { api, session } = useApp();
  const nameOf = (field: string) => `package ${item?._id} ${field}`;
  const [name, setName] = useDraft(nameOf('name'), item?.name ?? '');
  const [isMain, setIsMain] = useDraft(nameOf('isMain'), item?.main ?? false);
  const [customer, setCustomer] = useDraft(nameOf('customer'), session.user.value?.customer ?? '');
  const [chosen, setChosen] = useDraft<ReadonlyMap<string, Reception>>(
    nameOf('chosen'),
    new Map(item?.channels.map(({ _id, type }) => [_id, type])),
  );
  const offered = channels.filter(({ radio }) => !radio).toSorted((a, b) => a.number - b.number);
  const put = (id: string, type: Reception | undefined) => {
    const next = new Map(chosen);
    if (type === undefined) next.delete(id);
    else next.set(id, type);
    setChosen(next);
  };
  const same = fold(name.trim());
  const twin = packages.find((other) => other._id !== item?._id && fold(other.name) === same);
  const submit = async () => {
    const listed = [...chosen].map(([_id, type]) => ({ _id, type }));
    const body = { name, channels: listed };
    if (item !== null) await api.post(`/iptv/package/${item._id}`, body);
    else await api.post('/iptv/package', { ...body, main: isMain, ...(customer === '' ? {} : { customer }) });
    await changed();
  };

  return (
    <FormDialog
      title={item?.name ?? texts.packages.create}
      action={texts.common.save}
      wide
      close={close}
      submit={submit}
    >
      <div class="fields">
        <TextField
          name={texts.packages.name}
          field="name"
          value={name}
          set={setName}
          required
          autofocus
          warning={twin && texts.packages.twin(twin.name)}
        />
        {item === null && session.may.value.administers && (
          <CustomerField name={texts.channels.of} value={customer} set={setCustomer} none={texts.channels.everybody} />
        )}
      </div>
      {item === null && <CheckField name={texts.packages.isMain} isOn={isMain} set={setIsMain} />}
      <ul class="ticks">
        {offered.map((channel) => {
          const ways = waysOf(channel);
          const type = chosen.get(channel.id);
          return (
            <li key={channel.id} class="row">
              <label class="check grow">
                <input
                  type="checkbox"
                  checked={type !== undefined}
                  disabled={ways.length === 0}
                  onChange={(event) => put(channel.id, event.currentTarget.checked ? ways[0] : undefined)}
                />
                <strong class="number">{channel.number}</strong> {channel.name}
              </label>
              {type !== undefined && (
                <select
                  aria-label={texts.packages.way(channel.name)}
                  value={type}
                  onChange={(event) => put(channel.id, event.currentTarget.value as Reception)}
                >
                  {ways.map((way) => (
                    <option key={way} value={way}>
                      {texts.packages.ways[way]}
                    </option>
                  ))}
                </select>
              )}
            </li>
          );
        })}
      </ul>
    </FormDialog>
  );
}

/** How a channel can be received (`headend/fleet/lineup.ts`). */
function waysOf({ baseChannel, locals, dvb, dvbOnly }: Channel): Reception[] {
  const ways: Reception[] = [];
  if (!dvbOnly && baseChannel !== null) ways.push('BASE');
  if (dvb !== null) ways.push('DVB');
  if (!dvbOnly && locals.length > 0) ways.push('LOCAL');
  return ways;
}
