import { useCallback, useEffect, useState } from 'preact/hooks';
import { sayError } from '../api.ts';

export type Loaded<T> = {
  value: T | undefined;
  error: string | null;
  /** Asks once more; what is shown stays until the answer is there. */
  again(): Promise<void>;
  set(value: T): void;
};

/** What `ask` answers. It is asked again whenever `key` changes; an answer that comes too late is thrown away. */
export function useLoad<T>(key: string, ask: () => Promise<T>): Loaded<T> {
  const [state, setState] = useState<{ key: string; value?: T; error: string | null }>({ key, error: null });
  const load = useCallback(
    (isWanted: () => boolean) =>
      ask().then(
        (value) => isWanted() && setState({ key, value, error: null }),
        (error: unknown) => isWanted() && setState((before) => ({ ...before, key, error: sayError(error) })),
      ),
    // The key says when it is another question.
    [key],
  );
  useEffect(() => {
    let isWanted = true;
    void load(() => isWanted);
    return () => {
      isWanted = false;
    };
  }, [load]);
  const isCurrent = state.key === key;
  return {
    value: isCurrent ? state.value : undefined,
    error: isCurrent ? state.error : null,
    again: async () => void (await load(() => true)),
    set: (value) => setState({ key, value, error: null }),
  };
}
