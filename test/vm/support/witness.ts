import { until } from '../../support/until.ts';
import type { Guest } from './guest-agent.ts';

/** A program in the box that looks on while the agent works. */
export type Witness = {
  /** What it has said so far. */
  heard(): Promise<string>;
  /** Resolves with that, once it holds `what`. */
  hears(what: string | RegExp): Promise<string>;
};

/** What a witness may take to see something. */
const patienceMs = 120_000;
const lookMs = 300;

/** Starts `command`, one of Debian's own programs, beside the agent; resolves once it has said `begun`. */
export async function startWitness(
  guest: Guest,
  name: string,
  command: string,
  begun: string | RegExp,
): Promise<Witness> {
  const file = `/run/witness-${name}`;
  // Line by line, so that what was seen can be read while it still looks on.
  await guest.read(
    `systemd-run --quiet --collect --unit=witness-${name} -p StandardOutput=file:${file} -p StandardError=file:${file} stdbuf -oL ${command}`,
  );
  const heard = async () => (await guest.run(`cat ${file}`)).stdout;
  const hears = (what: string | RegExp) =>
    until(
      async () => {
        const text = await heard();
        return (typeof what === 'string' ? text.includes(what) : what.test(text)) && text;
      },
      `${command} in the box to say ${what}`,
      patienceMs,
      lookMs,
    );
  await hears(begun);
  return { heard, hears };
}
