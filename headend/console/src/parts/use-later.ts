import { useEffect, useState } from 'preact/hooks';

/** The value once it has stayed the same for a moment: what is typed is asked for when the viewer pauses. */
export function useLater<T>(value: T, ms = 250): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}
