import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useState } from 'preact/hooks';

/** Rows drawn above and below what is seen, so that quick scrolling shows no gaps. */
const spare = 8;

/** A list of rows of equal height of which only those in sight are in the page. */
export function VirtualList<T>(props: {
  items: readonly T[];
  /** The element that scrolls. */
  scroller: RefObject<HTMLElement | null>;
  rowHeight: number;
  render(item: T, index: number): ComponentChildren;
}) {
  const { items, scroller, rowHeight, render } = props;
  const [view, setView] = useState({ first: 0, count: 40 });

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const look = () => {
      const first = Math.max(0, Math.floor(element.scrollTop / rowHeight) - spare);
      const count = Math.ceil(element.clientHeight / rowHeight) + 2 * spare;
      setView((before) => (before.first === first && before.count === count ? before : { first, count }));
    };
    look();
    const observer = new ResizeObserver(look);
    observer.observe(element);
    element.addEventListener('scroll', look, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener('scroll', look);
    };
  }, [scroller, rowHeight]);

  useEffect(() => {
    const element = scroller.current;
    if (element !== null && element.scrollTop > items.length * rowHeight) element.scrollTop = 0;
  }, [items.length, rowHeight, scroller]);

  const first = Math.min(view.first, Math.max(0, items.length - view.count));
  return (
    <div class="virtual" role="rowgroup" style={{ height: `${items.length * rowHeight}px` }}>
      <div role="presentation" style={{ transform: `translateY(${first * rowHeight}px)` }}>
        {items.slice(first, first + view.count).map((item, index) => render(item, first + index))}
      </div>
    </div>
  );
}
