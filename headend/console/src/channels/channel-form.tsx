import { CallError } from '../api.ts';
import { useApp } from '../app.ts';
import { CustomerField } from '../parts/customer-field.tsx';
import { FormDialog } from '../parts/form-dialog.tsx';
import { AreaField, CheckField, TextField } from '../parts/text-field.tsx';
import { useDraft } from '../parts/use-draft.ts';
import { texts } from '../texts.ts';
import type { Channel } from '../types.ts';

/** Makes or changes a channel. */
export function ChannelForm(props: {
  channel: Channel | null;
  /** All there are. */
  channels: readonly Channel[];
  close(): void;
  changed(): Promise<void>;
}) {
  const { channel, channels, close, changed } = props;
  const { api, session } = useApp();
  const { administers } = session.may.value;
  const nameOf = (field: string) => `channel ${channel?.id} ${field}`;
  const [number, setNumber] = useDraft(nameOf('number'), String(channel?.number ?? ''));
  const [name, setName] = useDraft(nameOf('name'), channel?.name ?? '');
  const [base, setBase] = useDraft(nameOf('base'), channel?.baseChannel ?? '');
  const [locals, setLocals] = useDraft(nameOf('locals'), channel?.locals.join('\n') ?? '');
  const [dvb, setDvb] = useDraft(nameOf('dvb'), channel?.dvb ? JSON.stringify(channel.dvb, null, 2) : '');
  const [dvbOnly, setDvbOnly] = useDraft(nameOf('dvbOnly'), channel?.dvbOnly ?? false);
  const [radio, setRadio] = useDraft(nameOf('radio'), channel?.radio ?? false);
  const [customer, setCustomer] = useDraft(nameOf('customer'), session.user.value?.customer ?? '');

  const of = channel === null ? customer || null : channel.customer;
  const twin = channels.find(
    (other) =>
      other.id !== channel?.id &&
      other.number === Number(number) &&
      other.radio === radio &&
      (of === null || other.customer === null || other.customer === of),
  );

  async function submit(): Promise<void> {
    const tuner: unknown = dvb.trim() === '' ? null : parseTuner(dvb);
    const common = {
      number: number.trim(),
      name,
      locals: locals
        .split('\n')
        .map((line) => line.trim())
        .filter(Boolean),
      dvbOnly,
    };
    if (channel === null) {
      await api.post('/iptv/channel', {
        ...common,
        radio,
        ...(base.trim() === '' ? {} : { baseChannel: base.trim() }),
        ...(tuner === null ? {} : { dvb: tuner }),
        ...(customer === '' ? {} : { customer }),
      });
    } else {
      await api.post(`/iptv/channel/${channel.id}`, { ...common, baseChannel: base.trim() || null, dvb: tuner });
    }
    await changed();
  }

  return (
    <FormDialog
      title={channel?.name ?? texts.channels.create}
      action={texts.common.save}
      wide
      close={close}
      submit={submit}
    >
      <div class="fields">
        <TextField
          name={texts.channels.number}
          field="number"
          numeric
          value={number}
          set={setNumber}
          required
          autofocus
          warning={twin && texts.channels.twin(twin.name)}
        />
        <TextField name={texts.channels.name} field="name" value={name} set={setName} required />
        {channel === null && administers && (
          <CustomerField name={texts.channels.of} value={customer} set={setCustomer} none={texts.channels.everybody} />
        )}
      </div>
      <TextField
        name={texts.channels.base}
        field="baseChannel"
        value={base}
        set={setBase}
        hint={texts.channels.baseHint}
      />
      <AreaField name={texts.channels.locals} field="locals" rows={2} value={locals} set={setLocals} />
      <AreaField name={texts.channels.dvb} field="dvb" rows={4} isCode value={dvb} set={setDvb} />
      <div class="row">
        <CheckField name={texts.channels.dvbOnly} isOn={dvbOnly} set={setDvbOnly} />
        {channel === null && <CheckField name={texts.channels.isRadio} isOn={radio} set={setRadio} />}
      </div>
    </FormDialog>
  );
}

function parseTuner(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CallError(422, 'dvb', texts.channels.dvbBad);
  }
}
