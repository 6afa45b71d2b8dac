/** What is wrong with the agent itself, in sentences: shown in `status`, and sent with hello and telemetry. */
export interface Faults {
  /** Notes a fault under a name of its own, replacing what stood there. */
  raise(name: string, sentence: string): void;
  clear(name: string): void;
  list(): string[];
}

export function createFaults(): Faults {
  const faults = new Map<string, string>();
  return {
    raise: (name, sentence) => void faults.set(name, sentence),
    clear: (name) => void faults.delete(name),
    list: () => [...faults.values()],
  };
}
