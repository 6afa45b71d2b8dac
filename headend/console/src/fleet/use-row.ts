import { useComputed } from '@preact/signals';
import { useApp } from '../app.ts';
import type { FleetRow } from './row.ts';

/** A box of the fleet as it is now; undefined while it is not known. */
export function useRow(id: string): FleetRow | undefined {
  const { fleet } = useApp();
  const row = useComputed(() => {
    void fleet.version.value;
    return fleet.get(id);
  });
  return row.value;
}
