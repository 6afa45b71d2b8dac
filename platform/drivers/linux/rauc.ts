/** What the RAUC command line says, read from its JSON and its lines (RAUC 1.8 and later). */
import type { Slot } from '../../contract.ts';

export type RaucStatus = {
  /** What bundles must be for. */
  compatible: string;
  /** The name of the slot that the next start takes: `rootfs.1`. */
  primary: string | undefined;
  /** The slots that can be booted. */
  slots: RaucSlot[];
};

export type RaucSlot = {
  name: string;
  slotClass: string;
  booted: boolean;
  /** What the boot loader thinks of it; GRUB's scripts say bad of a slot that was started and not marked good since. */
  good: boolean;
  version: string | null;
};

type JsonSlot = {
  class?: string;
  bootname?: string | null;
  state?: string;
  boot_status?: string | null;
  slot_status?: { bundle?: { version?: string } };
};

/** `rauc status --detailed --output-format=json` */
export function parseStatus(text: string): RaucStatus {
  const status = JSON.parse(text.slice(text.indexOf('{'))) as {
    compatible?: string;
    boot_primary?: string | null;
    slots?: Record<string, JsonSlot>[];
  };
  const slots = (status.slots ?? []).flatMap((each) => Object.entries(each));
  return {
    compatible: status.compatible ?? '',
    primary: status.boot_primary ?? undefined,
    slots: slots
      .filter(([, { bootname }]) => typeof bootname === 'string')
      .map(([name, slot]) => ({
        name,
        slotClass: slot.class ?? '',
        booted: slot.state === 'booted',
        good: slot.boot_status === 'good',
        version: slot.slot_status?.bundle?.version ?? null,
      }))
      .sort((a, b) => a.name.localeCompare(b.name)),
  };
}

/** `rauc info --output-format=json FILE` */
export function parseInfo(text: string): { compatible: string; version: string } {
  const { compatible = '', version = '' } = JSON.parse(text.slice(text.indexOf('{')));
  return { compatible, version };
}

/** The percentage in a line of `rauc install`: ` 40% Checking bundle done.` */
export function parseProgress(line: string): number | undefined {
  const percent = /^\s*(\d{1,3})% /.exec(line)?.[1];
  return percent === undefined ? undefined : Math.min(100, Number(percent));
}

/** Why RAUC failed: its LastError, else its last line that is not only the news that it failed. */
export function parseFailure(output: string): string {
  const lastError = /^LastError: (.+)$/m.exec(output)?.[1];
  if (lastError !== undefined) return lastError.trim();
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^\(?rauc:?\d*\)?:? ?|^rauc-\w+: (\d\d:\d\d:\d\d\.\d+: )?/g, '').trim());
  return (
    lines.filter((line) => line !== '' && !/^(idle|installing|Installing `)/.test(line)).at(-1) ?? 'it said nothing'
  );
}

/** The slots as the platform has them: what RAUC knows, what the agent remembers of a trial, and the version that really runs. */
export function toSlots(
  { slots, primary }: RaucStatus,
  memory: { trialSlot?: string | undefined; givenUpSlot?: string | undefined; running: string },
): Slot[] {
  const stateOf = ({ name, booted, good, version }: RaucSlot): Slot['state'] => {
    if (name === memory.givenUpSlot) return 'bad';
    if (booted) return name === memory.trialSlot ? 'trial' : 'good';
    // While a slot is tried, GRUB names the one that it falls back to as primary: being next is not being new.
    if (good) return name === primary && name === memory.trialSlot ? 'trial' : 'good';
    return version === null ? 'empty' : 'bad';
  };
  return slots.map((slot) => ({
    name: slot.name,
    version: slot.booted ? memory.running : slot.version,
    state: stateOf(slot),
    booted: slot.booted,
  }));
}
