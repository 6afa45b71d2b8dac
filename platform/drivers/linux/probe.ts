import type { Missing } from '../../contract.ts';
import type { Recollection } from './record.ts';
import type { LinuxSettings } from './settings.ts';
import type { System } from './system.ts';

/** What a capability is looked for with. */
export type ProbeContext = { system: System; settings: LinuxSettings; recollection: Recollection };

/** What looking for a capability came to: the capability and by what it is provided, or why there is none. */
export type Probe<T> = { capability: T; by: string } | Missing;

export function isMissing<T extends object>(probe: T | Missing): probe is Missing {
  return 'reason' in probe && 'cure' in probe;
}

export function found<T>(probe: Probe<T>): T | undefined {
  return isMissing(probe) ? undefined : probe.capability;
}

/** `first; second`, without the empty ones. */
export function sentence(...parts: (string | undefined | false)[]): string {
  return parts.filter(Boolean).join('; ');
}
