import type { VNode } from 'preact';
import { Failure, Loading } from './states.tsx';
import type { Loaded } from './use-load.ts';

/** What was loaded; until then that it is on its way, or why it is not there. */
export function Whole<T>({ of: { value, error, again }, children }: { of: Loaded<T>; children(value: T): VNode }) {
  if (error !== null) return <Failure text={error} retry={again} />;
  return value === undefined ? <Loading /> : children(value);
}
