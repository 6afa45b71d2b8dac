/** A Linux box: the kernel's own devices, and the usual programs of a distribution. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type CapabilityName, capabilityNames, type Missing, type Platform } from '../../contract.ts';
import { noteBoot } from './boot.ts';
import { createIdentity } from './identity.ts';
import { shutdownUnderWay } from './power.ts';
import { found, isMissing, type Probe, type ProbeContext } from './probe.ts';
import { probeAudio, probePlayer, probeTuner } from './probe-media.ts';
import { findRauc, probeFirmware, probeManagement, probeNetwork, probePower, probeScript } from './probe-system.ts';
import { probeDisplay, probeKeys, probeUi } from './probe-ui.ts';
import { openRecollection } from './record.ts';
import type { LinuxSettings } from './settings.ts';
import { createSystem } from './system.ts';
import { createTelemetry } from './telemetry.ts';

export type { KeySetName, LinuxSettings } from './settings.ts';

/** Opens the box: looks for each capability, and keeps why the others are missing. */
export async function openLinux(settings: LinuxSettings): Promise<Platform> {
  const system = createSystem(settings.root);
  mkdirSync(settings.stateDir, { recursive: true, mode: 0o700 });
  const recollection = openRecollection(join(settings.stateDir, 'box.json'));
  const context: ProbeContext = { system, settings, recollection };
  const bootReason = noteBoot(system, recollection);

  const [rauc, audio, script] = await Promise.all([findRauc(context), probeAudio(context), probeScript(context)]);
  const slotVersion = found(rauc)?.status.slots.find((slot) => slot.booted)?.version ?? undefined;
  const identity = await createIdentity(system, settings, { bootReason, slotVersion });
  const { firmware } = await identity.read();

  const stopPlayback = async () => player.player?.stop();
  const power = await probePower(context, { audio: found(audio), stopPlayback });
  const isStandby = async () => (await found(power)?.state()) === 'standby';
  // A screen that cannot be lit is no reason not to show what was asked for.
  const wake = async () => {
    if (await isStandby())
      await found(power)
        ?.wake()
        .catch(() => {});
  };
  const [ui, player] = await Promise.all([probeUi(context, wake), probePlayer(context, wake)]);
  const keys = await probeKeys(context, ui.chromium);
  const management = probeManagement(context);
  const isPlaying = () => (player.player?.playing() ?? null) !== null;
  const telemetry = createTelemetry(system, settings.stateDir);
  return {
    driver: 'linux',
    identity,
    telemetry,
    ...sort({
      power,
      audio,
      keys,
      display: probeDisplay(context, ui.chromium, { isStandby, isPlaying }),
      player,
      tuner: probeTuner(context, player.player),
      ui,
      firmware: probeFirmware(context, rauc, firmware),
      network: probeNetwork(context),
      management,
      script,
    }),
    async close() {
      await Promise.all([player.player?.close(), management.management?.close()]);
      const going = recollection.current.going ?? (await shutdownUnderWay(system));
      recollection.update({ going }, 'durable');
      telemetry.close();
      ui.page?.close();
      keys.remote?.close();
    },
  };
}

type Capabilities = { -readonly [C in CapabilityName]?: NonNullable<Platform[C]> };
type Probes = { [C in CapabilityName]: Probe<NonNullable<Platform[C]>> };

/** What is there, by what, and why the rest is not. */
function sort(probes: Probes): Capabilities & Pick<Platform, 'missing' | 'provided'> {
  const capabilities: Record<string, unknown> = {};
  const missing: Partial<Record<CapabilityName, Missing>> = {};
  const provided: Partial<Record<CapabilityName, string>> = {};
  for (const name of capabilityNames) {
    const probe = probes[name];
    if (isMissing(probe)) missing[name] = { reason: probe.reason, cure: probe.cure };
    else {
      capabilities[name] = probe.capability;
      provided[name] = probe.by;
    }
  }
  return { ...(capabilities as Capabilities), missing, provided };
}
