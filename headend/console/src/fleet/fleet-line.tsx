import { useApp } from '../app.ts';
import { showPercent } from '../format.ts';
import { Icon } from '../icons.tsx';
import { StatePill } from '../parts/state-pill.tsx';
import { Ago } from '../parts/time.tsx';
import { texts } from '../texts.ts';
import type { FleetRow } from './row.ts';

/** From where on a figure is a reason to look. */
const high = { cpuPercent: 85, usedMemoryPercent: 90, temperature: 80 };

/** One box in the list. */
export function FleetLine(props: {
  row: FleetRow;
  index: number;
  isActive: boolean;
  isTicked: boolean;
  toggle: (() => void) | undefined;
}) {
  const { row, toggle } = props;
  const { session } = useApp();
  const groups = row.groups
    .map((id) => session.groups.value.find((group) => group.id === id)?.name ?? '')
    .filter((name) => name !== '')
    .join(', ');
  const used = row.freeMemoryPercent === null ? null : 100 - row.freeMemoryPercent;
  const label = row.name || row.mac || row.id;
  return (
    <div
      class="line"
      role="row"
      id={`row-${row.id}`}
      aria-rowindex={props.index + 2}
      aria-selected={props.isTicked}
      data-active={props.isActive}
      data-off={!row.online}
    >
      <span class="c-tick" role="gridcell">
        {toggle && (
          <input
            type="checkbox"
            tabIndex={-1}
            checked={props.isTicked}
            aria-label={texts.fleet.tick(label)}
            onChange={toggle}
          />
        )}
      </span>
      <span class="c-name" role="gridcell">
        <span
          class={row.online ? 'dot on' : 'dot'}
          title={row.online ? texts.fleet.online : texts.fleet.offline}
          role="img"
          aria-label={row.online ? texts.fleet.online : texts.fleet.offline}
        />
        <span class="names">
          <a href={`#/boxes/${row.id}`} tabIndex={-1} dir="auto" title={label}>
            {label}
          </a>
          <small title={groups}>
            <span class="mono">{row.mac}</span>
            {groups !== '' && ` · ${groups}`}
          </small>
        </span>
        {row.faults > 0 && (
          <span class="fault" title={texts.fleet.faulty(row.faults)}>
            <Icon name="warning" />
            <span class="unseen">{texts.fleet.faulty(row.faults)}</span>
          </span>
        )}
        {!row.enabled && <span class="pill calm">{texts.fleet.disabled}</span>}
      </span>
      <Cell name="model" value={row.model} />
      <Cell name="firmware" value={row.firmware} />
      <Cell name="upstream" value={row.upstream} />
      <Cell name="playing" value={row.playing} />
      <Figure name="cpu" value={row.cpuPercent} most={high.cpuPercent} />
      <Figure name="memory" value={used} most={high.usedMemoryPercent} />
      <span class="c-temperature number" role="gridcell" data-high={(row.temperature ?? 0) >= high.temperature}>
        {row.temperature === null ? '–' : `${Math.round(row.temperature)}°`}
      </span>
      <span class="c-action" role="gridcell">
        {row.action === null ? (
          <span class="faint">–</span>
        ) : (
          <>
            <StatePill state={row.action.state} />
            <small>{texts.types[row.action.type]?.name ?? row.action.type}</small>
          </>
        )}
      </span>
      <span class="c-seen" role="gridcell">
        {row.lastSeen === null ? <span class="faint">{texts.fleet.never}</span> : <Ago at={row.lastSeen} />}
      </span>
    </div>
  );
}

function Cell({ name, value }: { name: string; value: string | null }) {
  return (
    <span class={`c-${name}`} role="gridcell" dir="auto" title={value ?? undefined}>
      {value ?? '–'}
    </span>
  );
}

/** A share of 100 as a number over a bar, or on narrow screens behind its name. */
function Figure({ name, value, most }: { name: 'cpu' | 'memory'; value: number | null; most: number }) {
  const label = texts.fleet.columns[name];
  if (value === null) {
    return (
      <span class={`c-${name} number`} role="gridcell" data-label={label}>
        –
      </span>
    );
  }
  return (
    <span class={`c-${name} number`} role="gridcell" data-high={value >= most} data-label={label}>
      {showPercent(value)}
      <span class="bar" aria-hidden="true">
        <span style={{ width: `${Math.min(100, value)}%` }} />
      </span>
    </span>
  );
}
