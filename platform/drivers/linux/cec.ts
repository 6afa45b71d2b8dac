/** The TV at the other end of the HDMI cable, by cec-ctl(1) of v4l-utils. */
import { readCommand, runCommand } from '../../command.ts';
import { PlatformError } from '../../contract.ts';
import type { System } from './system.ts';

export type Tv = {
  /** `/dev/cec0` */
  readonly device: string;
  /** Sends the TV to standby; rejects DEVICE_FAILED when none acknowledges. */
  standby(): Promise<void>;
  /** Wakes the TV and shows this box. */
  wake(): Promise<void>;
};

/** A message takes some 50 ms on the wire and is tried five times; claiming an address takes up to a second. */
const timeoutMs = 10_000;

/** The TV behind the configured CEC device, or the first that is an output; undefined without one, or without cec-ctl. */
export async function findTv(system: System, configured: string | undefined): Promise<Tv | undefined> {
  const program = system.program('cec-ctl');
  if (program === undefined || configured === 'none') return undefined;
  const names = system.list('/dev').filter((name) => /^cec\d+$/.test(name));
  const devices = configured === undefined ? names.map((name) => `/dev/${name}`) : [configured];
  for (const device of devices) {
    if (!system.exists(device)) continue;
    const info = await runCommand(program, ['-d', system.path(device)], { timeoutMs });
    // An HDMI input, which some boxes have too, is the root of its own tree.
    const isOutput = parseAdapter(info.stdout).physicalAddress !== '0.0.0.0';
    if (isOutput || configured !== undefined) return createTv(system, program, device);
  }
  return undefined;
}

function createTv(system: System, program: string, device: string): Tv {
  const run = (...args: string[]) => readCommand(program, ['-d', system.path(device), ...args], { timeoutMs });

  /** The box's physical address on the HDMI tree, with a logical one claimed where it has none yet. */
  const claim = async (): Promise<string> => {
    const adapter = parseAdapter(await run());
    if (adapter.physicalAddress === 'f.f.f.f') {
      throw new PlatformError('DEVICE_FAILED', `${device}: nothing is connected to the HDMI port; plug in the TV`);
    }
    if (!adapter.isClaimed) await run('--playback', '--osd-name', 'STB');
    return adapter.physicalAddress;
  };
  const send = async (...message: string[]) => {
    const fault = parseFault(await run('--skip-info', ...message));
    if (fault === undefined) return;
    throw new PlatformError(
      'DEVICE_FAILED',
      `${device}: sending ${message.join(' ')}: ${fault}; is the TV connected, and CEC turned on in its menu?`,
    );
  };
  return {
    device,
    async standby() {
      await claim();
      await send('--to', '0', '--standby');
    },
    async wake() {
      const address = await claim();
      await send('--to', '0', '--image-view-on');
      await send('--active-source', `phys-addr=${address}`);
    },
  };
}

/** What `cec-ctl -d DEVICE` says of the adapter. */
export function parseAdapter(text: string): { physicalAddress: string; isClaimed: boolean } {
  const physicalAddress = /Physical Address\s*: ([0-9a-f.]+)/i.exec(text)?.[1] ?? 'f.f.f.f';
  const mask = Number(/Logical Address Mask\s*: (0x[0-9a-f]+)/i.exec(text)?.[1] ?? 0);
  return { physicalAddress, isClaimed: mask !== 0 };
}

/** Why a message did not get through, undefined when it did; cec-ctl ends with 0 either way. */
export function parseFault(text: string): string | undefined {
  return /^\s*Tx, (?!Ok)(.*)$/im.exec(text)?.[1]?.trim();
}
