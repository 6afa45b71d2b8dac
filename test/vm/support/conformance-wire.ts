/** What the harness of the conformance suite and its program in the box say to each other: one JSON value a line. */
import type { Fixtures } from '../../../platform/conformance.ts';
import type { LinuxSettings } from '../../../platform/drivers/linux/index.ts';

/** What the program opens the box with. */
export type Opening = {
  settings: LinuxSettings;
  /** All but `ssh.call`, which the program has itself. */
  fixtures: Omit<Fixtures, 'ssh'> & { ssh?: Omit<NonNullable<Fixtures['ssh']>, 'call'> };
};

/** From the harness. Arguments are JSON; an AbortSignal is `{ $signal: n }`, a function `{ $function: n }`. */
export type Request =
  | { id: number; open: Opening }
  /** Runs a case, told by its title, in the box; answers with why it was skipped, or null. */
  | { id: number; run: string }
  /** Calls a method of the platform, as `firmware.slots`. */
  | { id: number; call: string; args: unknown[] }
  | { abort: number };

/** From the program: an answer, or a call of a function that it was given. */
export type Answer =
  | { id: number; result: unknown }
  | { id: number; error: { name: string; message: string; code?: string } }
  | { function: number; args: unknown[] };
