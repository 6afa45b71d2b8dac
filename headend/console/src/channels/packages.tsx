import { useApp } from '../app.ts';
import { showCount } from '../format.ts';
import { DeleteDialog } from '../parts/form-dialog.tsx';
import { ChangeButtons, ListTable } from '../parts/list-table.tsx';
import { Whole } from '../parts/loaded.tsx';
import { Empty } from '../parts/states.tsx';
import { useDraft } from '../parts/use-draft.ts';
import { useLoad } from '../parts/use-load.ts';
import { texts } from '../texts.ts';
import type { Channel } from '../types.ts';
import { PackageForm } from './package-form.tsx';

export type Reception = 'BASE' | 'DVB' | 'LOCAL';
export type Package = { _id: string; name: string; main: boolean; channels: { _id: string; type: Reception }[] };

type Open = { kind: 'form'; item: Package | null } | { kind: 'delete'; item: Package } | null;

/** The packages: which channels, and how each is received. */
export function Packages({ channels }: { channels: readonly Channel[] }) {
  const { api, session } = useApp();
  const loaded = useLoad('packages', () => api.all<Package>('/iptv/package', 'packages'));
  const [open, setOpen] = useDraft<Open>('packages', null);
  const may = session.may.value;
  const mayChange = may.changes && may.types.length > 0;
  return (
    <section aria-labelledby="packages-title" class="below">
      <div class="head">
        <h2 id="packages-title">{texts.packages.title}</h2>
        {mayChange && (
          <button type="button" class="plain" onClick={() => setOpen({ kind: 'form', item: null })}>
            {texts.packages.create}
          </button>
        )}
      </div>
      <Whole of={loaded}>
        {(packages) =>
          packages.length === 0 ? (
            <Empty title={texts.packages.none} text={texts.packages.noneText} />
          ) : (
            <ListTable
              items={packages}
              idOf={({ _id }) => _id}
              columns={[
                {
                  name: texts.packages.name,
                  show: ({ name, main }) => (
                    <>
                      {name} {main && <span class="pill calm">{texts.packages.main}</span>}
                    </>
                  ),
                },
                {
                  name: texts.packages.channels,
                  isCount: true,
                  show: ({ channels: listed }) => showCount(listed.length),
                },
              ]}
              buttons={(item) =>
                mayChange && (
                  <ChangeButtons
                    change={() => setOpen({ kind: 'form', item })}
                    remove={() => setOpen({ kind: 'delete', item })}
                  />
                )
              }
            />
          )
        }
      </Whole>
      {open?.kind === 'form' && (
        <PackageForm
          item={open.item}
          packages={loaded.value ?? []}
          channels={channels}
          close={() => setOpen(null)}
          changed={loaded.again}
        />
      )}
      {open?.kind === 'delete' && (
        <DeleteDialog
          name={open.item.name}
          means={texts.packages.deleteMeans}
          close={() => setOpen(null)}
          submit={() => api.call('DELETE', `/iptv/package/${open.item._id}`).then(loaded.again)}
        />
      )}
    </section>
  );
}
