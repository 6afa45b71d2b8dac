/** How power, firmware, network, management and scripts are looked for. */
import type { Firmware, Management, Network, Power, Script } from '../../contract.ts';
import { findTv } from './cec.ts';
import { createFirmware, keepRunningSlot, readStatus } from './firmware.ts';
import { createManagement, type LinuxManagement } from './management.ts';
import { createNetwork, listensOn, outwardInterfaces } from './network.ts';
import { createPower, findRestarter, type PowerParts } from './power.ts';
import { isMissing, type Probe, type ProbeContext, sentence } from './probe.ts';
import type { RaucStatus } from './rauc.ts';
import { findScreens } from './screen-blank.ts';
import { createScript } from './script.ts';
import { findSshClient } from './ssh.ts';

export async function probePower(
  { system, settings, recollection }: ProbeContext,
  parts: Pick<PowerParts, 'audio' | 'stopPlayback'>,
): Promise<Probe<Power>> {
  const restarter = findRestarter(system);
  if (isMissing(restarter)) return restarter;
  const [screens, tv] = [findScreens(system), await findTv(system, settings.cecDevice)];
  const standby = [...screens.names, ...(tv ? [`the TV at ${tv.device}`] : [])];
  return {
    capability: createPower({ recollection, restarter, screens, tv, ...parts }),
    by: sentence(
      restarter.name,
      standby.length > 0 ? `standby by ${standby.join(' and ')}` : 'it has nothing to put to standby',
    ),
  };
}

/** Where RAUC was found and asked. */
export type Rauc = { program: string; status: RaucStatus };

/** RAUC with at least two slots to boot from, of which one runs. Keeps that one, unless it is on trial. */
export async function findRauc({ system, recollection }: ProbeContext): Promise<Probe<Rauc>> {
  const program = system.program('rauc');
  if (program === undefined) {
    return { reason: 'RAUC is not installed', cure: 'build the firmware with RAUC and two slots; see docs/porting.md' };
  }
  if (!system.exists('/etc/rauc/system.conf')) {
    return { reason: 'RAUC has no /etc/rauc/system.conf', cure: 'describe the slots of this box there' };
  }
  try {
    const status = await readStatus(program);
    const booted = status.slots.find((slot) => slot.booted);
    if (booted === undefined || status.slots.length < 2) {
      const names = status.slots.map(({ name }) => name).join(', ') || 'none';
      return {
        reason: `RAUC knows the slots ${names}, and ${booted === undefined ? 'none of them runs' : 'no other'}`,
        cure: 'start the box from one of two slots: rauc.slot=… on the kernel command line, two [slot.…] with bootname',
      };
    }
    await keepRunningSlot(program, status, recollection);
    const early = system.exists('/etc/systemd/system/multi-user.target.wants/rauc-mark-good.service');
    const by = sentence(
      `RAUC, slot ${booted.name} of ${status.slots.map(({ name }) => name).join(', ')}`,
      early && 'rauc-mark-good.service keeps every slot before it is proven: systemctl mask rauc-mark-good.service',
    );
    return { capability: { program, status }, by };
  } catch (error) {
    return { reason: (error as Error).message, cure: 'see that the service rauc runs: install rauc-service' };
  }
}

export function probeFirmware(
  { system, recollection }: ProbeContext,
  rauc: Probe<Rauc>,
  running: string,
): Probe<Firmware> {
  if (isMissing(rauc)) return rauc;
  const { program } = rauc.capability;
  return { capability: createFirmware({ system, recollection, rauc: program, running }), by: rauc.by };
}

export function probeNetwork({ system }: ProbeContext): Probe<Network> {
  const interfaces = outwardInterfaces(system);
  if (interfaces.length > 0) return { capability: createNetwork(system), by: interfaces.join(', ') };
  return { reason: 'there is no network interface', cure: "load the network card's kernel driver" };
}

export function probeManagement({
  system,
  settings: { shellPort },
}: ProbeContext): Probe<Management> & { management?: LinuxManagement } {
  const client = findSshClient(system);
  if (client === undefined) {
    return {
      reason: 'there is no SSH client',
      cure: 'install the Debian package openssh-client, or dropbear-bin',
    };
  }
  const management = createManagement(client, shellPort);
  const by = sentence(
    `${client.program} to port ${shellPort} of this box`,
    !listensOn(system, shellPort) &&
      'where nothing listens now: start its SSH server, or set platform.linux.shell_port',
  );
  return { capability: management, by, management };
}

/** Ends the scripts of an earlier agent, so that none runs on when that agent's actions are settled. */
export async function probeScript({ system, settings, recollection }: ProbeContext): Promise<Probe<Script>> {
  const script = createScript(system, settings.stateDir, recollection);
  await script.endLeftBehind();
  const scoped = system.program('systemd-run') !== undefined && system.exists('/run/systemd/system');
  const by = scoped
    ? 'process groups in scopes of systemd'
    : 'process groups; memory is limited for each process alone';
  return { capability: script, by };
}
