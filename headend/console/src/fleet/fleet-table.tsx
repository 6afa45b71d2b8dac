import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app.ts';
import { Icon } from '../icons.tsx';
import { texts } from '../texts.ts';
import type { Sort, SortKey } from './filter.ts';
import { FleetLine } from './fleet-line.tsx';
import type { FleetRow } from './row.ts';
import { VirtualList } from './virtual-list.tsx';

const columns: readonly { key: SortKey; class: string }[] = [
  { key: 'name', class: 'c-name' },
  { key: 'model', class: 'c-model' },
  { key: 'firmware', class: 'c-firmware' },
  { key: 'upstream', class: 'c-upstream' },
  { key: 'playing', class: 'c-playing' },
  { key: 'cpu', class: 'c-cpu' },
  { key: 'memory', class: 'c-memory' },
  { key: 'temperature', class: 'c-temperature' },
  { key: 'action', class: 'c-action' },
  { key: 'lastSeen', class: 'c-seen' },
];

/** The rows as a grid: the arrow keys move, Space ticks, Enter opens, Ctrl+A ticks all that match. */
export function FleetTable(props: {
  rows: readonly FleetRow[];
  sort: Sort;
  mayAct: boolean;
  changeSort(sort: string): void;
}) {
  const { rows, sort, mayAct } = props;
  const { selection, router } = useApp();
  const scroller = useRef<HTMLDivElement>(null);
  const rowHeight = useRowHeight();
  const [active, setActive] = useState<string | null>(null);
  const index = active === null ? -1 : rows.findIndex(({ id }) => id === active);

  const toggle = (id: string) => {
    const next = new Set(selection.value);
    if (!next.delete(id)) next.add(id);
    selection.value = next;
  };
  const move = (to: number) => {
    const clamped = Math.max(0, Math.min(rows.length - 1, to));
    const row = rows[clamped];
    if (row === undefined) return;
    setActive(row.id);
    reveal(clamped);
  };
  const reveal = (place: number) => {
    const element = scroller.current;
    if (element === null) return;
    const [top, bottom] = [place * rowHeight, (place + 1) * rowHeight];
    const seen = element.clientHeight - element.firstElementChild!.clientHeight;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (bottom > element.scrollTop + seen) element.scrollTop = bottom - seen;
  };
  // The list gets smaller by what is shown above it once a box is ticked.
  const revealActive = useRef(() => {});
  revealActive.current = () => {
    if (index >= 0 && document.activeElement === scroller.current) reveal(index);
  };
  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const observer = new ResizeObserver(() => revealActive.current());
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const press = (event: KeyboardEvent) => {
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 0) / rowHeight) - 2);
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      ArrowUp: index - 1,
      PageDown: index + page,
      PageUp: index - page,
      Home: 0,
      End: rows.length - 1,
    };
    const to = steps[event.key];
    const row = rows[index];
    if (event.target !== scroller.current) return;
    if (to !== undefined) move(to);
    else if (event.key === 'Enter' && row) router.go(`/boxes/${row.id}`);
    else if (event.key === ' ' && row && mayAct) toggle(row.id);
    else if (event.key === 'a' && (event.ctrlKey || event.metaKey) && mayAct) {
      selection.value = new Set(rows.map(({ id }) => id));
    } else return;
    event.preventDefault();
  };

  const isAllTicked = selection.value.size > 0 && rows.every(({ id }) => selection.value.has(id));
  return (
    <div
      ref={scroller}
      class="grid"
      role="grid"
      tabIndex={0}
      aria-label={texts.sections.fleet}
      aria-rowcount={rows.length + 1}
      aria-multiselectable={mayAct}
      aria-activedescendant={index >= 0 ? `row-${active}` : undefined}
      onKeyDown={press}
      onFocus={(event) => event.target === scroller.current && index < 0 && move(0)}
    >
      <div class="grid-head" role="rowgroup">
        <div class="line" role="row">
          <span class="c-tick" role="columnheader">
            {mayAct && (
              <input
                type="checkbox"
                aria-label={texts.fleet.tickAll}
                checked={isAllTicked}
                onChange={() => {
                  selection.value = isAllTicked ? new Set() : new Set(rows.map(({ id }) => id));
                }}
              />
            )}
          </span>
          {columns.map(({ key, class: name }) => (
            <span
              key={key}
              class={name}
              role="columnheader"
              aria-sort={sort.key !== key ? 'none' : sort.descending ? 'descending' : 'ascending'}
            >
              <button
                type="button"
                onClick={() => props.changeSort(sort.key === key && !sort.descending ? `-${key}` : key)}
              >
                {texts.fleet.columns[key]}
                {sort.key === key && <Icon name={sort.descending ? 'down' : 'up'} />}
              </button>
            </span>
          ))}
        </div>
      </div>
      <VirtualList
        items={rows}
        scroller={scroller}
        rowHeight={rowHeight}
        render={(row, place) => (
          <FleetLine
            key={row.id}
            row={row}
            index={place}
            isActive={row.id === active}
            isTicked={selection.value.has(row.id)}
            toggle={mayAct ? () => toggle(row.id) : undefined}
          />
        )}
      />
    </div>
  );
}

/** The height of a row in pixels, as the style sheet has it: `--row-height` in rem, taller on narrow screens. */
function useRowHeight(): number {
  const measure = () => {
    const style = getComputedStyle(document.documentElement);
    return Math.round(Number.parseFloat(style.getPropertyValue('--row-height')) * Number.parseFloat(style.fontSize));
  };
  const [height, setHeight] = useState(measure);
  useEffect(() => {
    const look = () => setHeight(measure());
    addEventListener('resize', look);
    return () => removeEventListener('resize', look);
  }, []);
  return height;
}
