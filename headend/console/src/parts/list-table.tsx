import type { ComponentChildren } from 'preact';
import { texts } from '../texts.ts';

type Column<T> = {
  name: string;
  show(item: T): ComponentChildren;
  /** Whether it is a count: it stands to the right, and keeps its name where the table has no room for a head. */
  isCount?: boolean;
};

/** A list of things with names and values, and what can be done with each. */
export function ListTable<T>(props: {
  items: readonly T[];
  idOf(item: T): string;
  columns: readonly Column<T>[];
  /** The buttons of an item. */
  buttons(item: T): ComponentChildren;
}) {
  const { items, idOf, columns, buttons } = props;
  return (
    <div class="card table-scroll list">
      <table class="plain-table">
        <thead>
          <tr>
            {columns.map(({ name, isCount }) => (
              <th key={name} class={isCount ? 'number' : undefined}>
                {name}
              </th>
            ))}
            <th>
              <span class="unseen">{texts.common.doing}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={idOf(item)}>
              {columns.map(({ name, show, isCount }) => (
                <td key={name} class={isCount ? 'number' : undefined} data-name={isCount ? name : undefined}>
                  {show(item)}
                </td>
              ))}
              <td>
                <Buttons of={buttons(item)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where there are none the cell is empty, and takes no room where each row is a block. */
function Buttons({ of: buttons }: { of: ComponentChildren }) {
  return buttons ? <div class="row end">{buttons}</div> : null;
}

/** The buttons that open the form of an item and ask before it is deleted. */
export function ChangeButtons(props: { change(): void; remove(): void }) {
  return (
    <>
      <button type="button" class="plain" onClick={props.change}>
        {texts.common.change}
      </button>
      <button type="button" class="plain danger" onClick={props.remove}>
        {texts.common.delete}
      </button>
    </>
  );
}
