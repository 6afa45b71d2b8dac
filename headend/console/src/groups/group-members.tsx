import { useMemo, useState } from 'preact/hooks';
import { fold, lookFor } from '../../../search.ts';
import { sayError } from '../api.ts';
import { useApp } from '../app.ts';
import { Dialog } from '../parts/dialog.tsx';
import { texts } from '../texts.ts';
import type { Group } from '../types.ts';

const most = 200;

/** Ticks the boxes that are in a group; each tick is carried out at once. */
export function GroupMembers({ group, close }: { group: Group; close: () => void }) {
  const { api, fleet, notices, session } = useApp();
  const [wanted, setWanted] = useState('');
  const [changed, setChanged] = useState<ReadonlyMap<string, boolean>>(new Map());
  const version = fleet.version.value;
  const rows = useMemo(
    () => (version >= 0 ? fleet.rows().filter((row) => row.customer === group.customer) : []),
    [fleet, version, group.customer],
  );
  const search = lookFor(wanted);
  const found = search
    ? rows.filter(({ name, mac }) => fold(name).includes(search.text) || mac?.includes(search.mac))
    : rows;

  async function toggle(id: string, isIn: boolean): Promise<void> {
    try {
      if (isIn) await api.call('DELETE', `/iptv/devicegroup/${group.id}/device/${id}`);
      else await api.post(`/iptv/devicegroup/${group.id}/device`, { devices: [id] });
      setChanged(new Map([...changed, [id, !isIn]]));
      await Promise.all([session.refresh(), fleet.load()]);
    } catch (error) {
      notices.say('bad', sayError(error));
    }
  }

  return (
    <Dialog title={texts.groups.membersOf(group.name)} close={close}>
      <input
        type="search"
        aria-label={texts.groups.search}
        placeholder={texts.groups.search}
        value={wanted}
        onInput={(event) => setWanted(event.currentTarget.value)}
      />
      <ul class="ticks">
        {found.slice(0, most).map((row) => {
          const isIn = changed.get(row.id) ?? row.groups.includes(group.id);
          return (
            <li key={row.id}>
              <label class="check">
                <input type="checkbox" checked={isIn} onChange={() => void toggle(row.id, isIn)} />
                {row.name || row.id} <small class="mono faint">{row.mac}</small>
              </label>
            </li>
          );
        })}
      </ul>
      {found.length === 0 && <p class="faint">{texts.fleet.noMatch}</p>}
      {found.length > most && <p class="faint">{texts.groups.onlyFirst(most)}</p>}
    </Dialog>
  );
}
