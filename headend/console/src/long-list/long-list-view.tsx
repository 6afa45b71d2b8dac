import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { Failure, Loading } from '../parts/states.tsx';
import { texts } from '../texts.ts';
import type { Item, LongList, Part } from './long-list.ts';

/** How far from what is seen something is drawn or read already, so that quick scrolling shows no gaps. */
const near = '800px 0px';

/** A list that goes on as one scrolls, or by its button. Of what is far from sight only the height is in the page. */
export function LongListView<T extends Item>(props: {
  list: LongList<T>;
  /** The class of each part, which is a list. */
  class: string;
  /** Whether more is read only by the button. */
  byHand?: boolean;
  /** Whether it is clear without a word where it ends. */
  endIsClear?: boolean;
  render(item: T): VNode;
  /** What is shown where there is nothing. */
  empty: VNode;
}) {
  const { list, byHand = false, endIsClear = false, render, empty } = props;
  const [parts, error] = [list.parts.value, list.error.value];
  if (parts === undefined) return error === null ? <Loading /> : <Failure text={error} retry={list.more} />;
  if (parts.length === 0) return empty;
  return (
    <>
      {parts.map((part) => {
        const oldest = part.at(-1)?.seq ?? 0;
        return <PartView key={oldest} class={props.class} list={list} part={part} oldest={oldest} render={render} />;
      })}
      {error !== null ? (
        <Failure text={error} retry={list.more} />
      ) : list.isWhole.value ? (
        !endIsClear && <p class="list-end faint">{texts.list.end}</p>
      ) : (
        <More read={list.more} byHand={byHand} />
      )}
    </>
  );
}

function PartView<T extends Item>(props: {
  list: LongList<T>;
  class: string;
  part: Part<T>;
  oldest: number;
  render(item: T): ComponentChildren;
}) {
  const { list, part, oldest, render } = props;
  const element = useRef<HTMLUListElement>(null);
  /** The height of what is not drawn; null while it is drawn. */
  const [height, setHeight] = useState<number | null>(null);
  useNear(element, (isNear, target) => {
    list.setInSight(oldest, isNear);
    if (isNear) setHeight(null);
    // What has the focus or is open stays.
    else if (!target.matches(':focus-within, :has([aria-expanded=true])')) setHeight(target.offsetHeight);
  });
  useEffect(() => () => list.setInSight(oldest, false), [list, oldest]);
  return (
    <ul ref={element} class={props.class} style={height === null ? undefined : { height: `${height}px` }}>
      {height === null && part.map(render)}
    </ul>
  );
}

function More({ read, byHand }: { read(): Promise<void>; byHand: boolean }) {
  const element = useRef<HTMLDivElement>(null);
  const [isNear, setIsNear] = useState(false);
  const [isReading, setIsReading] = useState(false);
  useNear(element, setIsNear);
  const more = async () => {
    setIsReading(true);
    await read();
    setIsReading(false);
  };
  useEffect(() => {
    if (isNear && !byHand && !isReading) void more();
  });
  return (
    <div ref={element} class="row pages">
      <button type="button" class="plain" aria-busy={isReading} onClick={() => void more()}>
        {texts.list.more}
      </button>
    </div>
  );
}

/** Tells whenever an element comes near to what is seen, or goes away from it. */
function useNear<E extends Element>(element: { current: E | null }, told: (isNear: boolean, target: E) => void): void {
  const latest = useRef(told);
  latest.current = told;
  useEffect(() => {
    const target = element.current;
    if (target === null) return;
    const observer = new IntersectionObserver(
      (entries) => latest.current(entries.at(-1)?.isIntersecting ?? false, target),
      { root: target.closest('main'), rootMargin: near },
    );
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
}
