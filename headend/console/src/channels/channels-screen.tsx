import { receptionOf } from '../act/channel-field.tsx';
import { useApp } from '../app.ts';
import { channelMatcher } from '../channel-names.ts';
import { DeleteDialog } from '../parts/form-dialog.tsx';
import { ChangeButtons, ListTable } from '../parts/list-table.tsx';
import { Whole } from '../parts/loaded.tsx';
import { Empty } from '../parts/states.tsx';
import { useDraft } from '../parts/use-draft.ts';
import { useLoad } from '../parts/use-load.ts';
import { texts } from '../texts.ts';
import type { Channel } from '../types.ts';
import { ChannelForm } from './channel-form.tsx';
import { Packages } from './packages.tsx';

type Open = { kind: 'form'; channel: Channel | null } | { kind: 'delete'; channel: Channel } | null;

/** The channels, TV and radio, and the packages they are in. Boxes hear of every change. */
export function ChannelsScreen() {
  const { api, session, router } = useApp();
  const { query } = router.route.value;
  const loaded = useLoad('channels', () => api.all<Channel>('/stb/v1/channels'));
  const [open, setOpen] = useDraft<Open>('channels', null);
  const may = session.may.value;
  const mayChange = (customer: string | null) => (customer === null ? may.administers : may.actsFor(customer));
  const found = (loaded.value ?? [])
    .filter(channelMatcher(query.get('q') ?? ''))
    .sort((a, b) => Number(a.radio) - Number(b.radio) || a.number - b.number);

  return (
    <div>
      <div class="head">
        <h1>{texts.sections.channels}</h1>
        {may.changes && may.types.length > 0 && (
          <button type="button" class="primary" onClick={() => setOpen({ kind: 'form', channel: null })}>
            {texts.channels.create}
          </button>
        )}
      </div>
      <div class="filters">
        <input
          type="search"
          aria-label={texts.channel.search}
          placeholder={texts.channel.search}
          value={query.get('q') ?? ''}
          onInput={({ currentTarget: { value } }) =>
            router.setQuery(new URLSearchParams(value === '' ? {} : { q: value }))
          }
        />
      </div>
      <Whole of={loaded}>
        {() =>
          found.length === 0 ? (
            <Empty icon="channels" title={texts.channel.none} text={texts.channels.noneText} />
          ) : (
            <ListTable
              items={found}
              idOf={({ id }) => id}
              columns={[
                { name: texts.channels.number, isCount: true, show: ({ number }) => number },
                {
                  name: texts.channels.name,
                  show: ({ name, radio }) => (
                    <>
                      {name} {radio && <span class="pill calm">{texts.channels.radio}</span>}
                    </>
                  ),
                },
                { name: texts.channels.reception, show: (channel) => receptionOf(channel) || '–' },
                {
                  name: texts.channels.of,
                  show: ({ customer }) => (customer === null ? texts.channels.everybody : session.nameOf(customer)),
                },
              ]}
              buttons={(channel) =>
                mayChange(channel.customer) && (
                  <ChangeButtons
                    change={() => setOpen({ kind: 'form', channel })}
                    remove={() => setOpen({ kind: 'delete', channel })}
                  />
                )
              }
            />
          )
        }
      </Whole>
      {loaded.value && <Packages channels={loaded.value} />}
      {open?.kind === 'form' && (
        <ChannelForm
          channels={loaded.value ?? []}
          channel={open.channel}
          close={() => setOpen(null)}
          changed={loaded.again}
        />
      )}
      {open?.kind === 'delete' && (
        <DeleteDialog
          name={open.channel.name}
          means={texts.channels.deleteMeans}
          close={() => setOpen(null)}
          submit={() => api.call('DELETE', `/iptv/channel/${open.channel.id}`).then(loaded.again)}
        />
      )}
    </div>
  );
}
