import { type BoxIdentity, type Identity, PlatformError } from '../../contract.ts';
import { readBootId } from './boot.ts';
import { idFrom, isReal, macFrom, readMac, readModel, readSerial } from './hardware.ts';
import type { LinuxSettings } from './settings.ts';
import type { System } from './system.ts';

export type IdentityFacts = {
  bootReason: string | undefined;
  /** The version of the slot that runs, where there are slots. */
  slotVersion: string | undefined;
};

/** Who the box is, found out once: by the configuration, else by what the hardware says. */
export async function createIdentity(
  system: System,
  settings: LinuxSettings,
  { bootReason, slotVersion }: IdentityFacts,
): Promise<Identity> {
  const { serial, model } = await inventory(system);
  const ownMac = settings.mac ?? readMac(system);
  const id = settings.id ?? idOf(system, serial, ownMac);
  const firmware = imageVersion(system) ?? slotVersion ?? distribution(system);
  const box: BoxIdentity = {
    id,
    mac: (ownMac ?? macFrom(id)).toUpperCase(),
    model: settings.model ?? model ?? 'Linux box',
    ...(serial !== undefined && { serial }),
    firmware,
    ...(bootReason !== undefined && { bootReason }),
  };
  // systemd-timesyncd touches this file when it has set the clock; that it is missing says nothing.
  const synchronised = '/run/systemd/timesync/synchronized';
  return {
    read: async () => box,
    bootId: async () => readBootId(system),
    clockSynchronised: () => system.exists(synchronised),
  };
}

/** The most lasting fact there is: the serial number, the MAC address, the id of the installation. */
function idOf(system: System, serial: string | undefined, mac: string | undefined): string {
  const installation = system.readLine('/etc/machine-id');
  const fact = serial ?? mac ?? installation;
  if (fact !== undefined) return idFrom(fact);
  throw new PlatformError(
    'DEVICE_FAILED',
    'looking for an id of this box: it has no serial number, no network card and no /etc/machine-id; set box.id in the configuration',
  );
}

/**
 * Serial number and model. What the kernel's files do not say, systeminformation may know (a Raspberry Pi's revision, dmidecode); it
 * starts programs, so it is asked once, here, and not in a moved root.
 */
async function inventory(system: System): Promise<{ serial: string | undefined; model: string | undefined }> {
  const [serial, model] = [readSerial(system), readModel(system)];
  if (system.root !== '/' || (serial !== undefined && model !== undefined)) return { serial, model };
  const { system: ask } = await import('systeminformation');
  const known = await ask().catch(() => ({ serial: '', model: '' }));
  return {
    serial: serial ?? (isReal(known.serial) ? known.serial : undefined),
    model: model ?? (isReal(known.model) ? known.model : undefined),
  };
}

/** os-release(5): the version of the image, as an image builder sets it. */
function imageVersion(system: System): string | undefined {
  return osRelease(system).IMAGE_VERSION;
}

function distribution(system: System): string {
  const { ID = 'linux', VERSION_ID } = osRelease(system);
  return VERSION_ID === undefined ? ID : `${ID} ${VERSION_ID}`;
}

function osRelease(system: System): Record<string, string> {
  return parseOsRelease(system.read('/etc/os-release') ?? system.read('/usr/lib/os-release') ?? '');
}

/** `KEY=value` and `KEY="value"`, one a line (os-release(5)). */
export function parseOsRelease(text: string): Record<string, string> {
  const pairs = text.matchAll(/^([A-Z][A-Z0-9_]*)=(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|(.*))$/gm);
  return Object.fromEntries(
    [...pairs]
      .map(([, key = '', quoted, single, bare]) => [
        key,
        quoted?.replace(/\\(["$`\\])/g, '$1') ?? single ?? bare?.trim() ?? '',
      ])
      .filter(([, value]) => value !== ''),
  );
}
