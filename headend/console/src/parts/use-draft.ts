import { useEffect, useRef, useState } from 'preact/hooks';
import { useApp } from '../app.ts';

/**
 * A state that outlives the end of the session: `useState`, but that it begins with what it was when the headend ended the session, if that is
 * why it was left. `name` is that of the field and of what the form is about. Nothing secret is kept: `keeps` says what is.
 */
export function useDraft<T>(
  name: string,
  initial: T,
  keeps: (value: T) => boolean = () => true,
): [value: T, set: (value: T) => void] {
  const { drafts, session } = useApp();
  const [value, setValue] = useState<T>(() => (drafts.take(name) as T | undefined) ?? initial);
  const latest = useRef(value);
  latest.current = value;
  useEffect(
    () => () => {
      if (session.hasLapsed.value && keeps(latest.current)) drafts.keep(name, latest.current);
    },
    [drafts, session, name],
  );
  return [value, setValue];
}
