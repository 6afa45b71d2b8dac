import { closeSync, openSync, readSync } from 'node:fs';
import type { TelemetrySource } from '../../contract.ts';
import { busyPercent, freeBytes, parseCpu, parseFreeMemory, toTenths } from '../../proc.ts';
import type { System } from './system.ts';
import { parseWireless } from './wireless.ts';

export type LinuxTelemetry = TelemetrySource & { close(): void };

/**
 * How the box is, from /proc and /sys with descriptors that are kept open: a sample is a few reads and no process. A figure whose file
 * is missing is left out.
 */
export function createTelemetry(system: System, stateDir: string): LinuxTelemetry {
  const stat = openKept(system, '/proc/stat');
  const meminfo = openKept(system, '/proc/meminfo');
  const uptime = openKept(system, '/proc/uptime');
  const wireless = openKept(system, '/proc/net/wireless');
  const thermal = openKept(system, thermometer(system));
  const files = [stat, meminfo, uptime, wireless, thermal];
  let before = parseCpu(stat.read());
  return {
    async sample() {
      const now = parseCpu(stat.read());
      const cpuPercent = before && now && busyPercent(before, now);
      if (cpuPercent !== undefined) before = now;
      const [uptimeSeconds, millidegrees] = [Number.parseFloat(uptime.read()), Number.parseInt(thermal.read(), 10)];
      const freeMemoryPercent = parseFreeMemory(meminfo.read());
      const freeDiskBytes = freeBytes(stateDir);
      const wifiSignalDbm = parseWireless(wireless.read())[0]?.signalDbm;
      return {
        ...(cpuPercent !== undefined && { cpuPercent }),
        ...(freeMemoryPercent !== undefined && { freeMemoryPercent }),
        ...(Number.isFinite(uptimeSeconds) && { uptimeSeconds: Math.floor(uptimeSeconds) }),
        ...(Number.isFinite(millidegrees) && { temperature: toTenths(millidegrees / 1000) }),
        ...(freeDiskBytes !== undefined && { freeDiskBytes }),
        ...(wifiSignalDbm !== undefined && { wifiSignalDbm }),
      };
    },
    close() {
      for (const file of files) file.close();
    },
  };
}

/** The file with the processor's temperature: the thermal zone that is named like one, else the first; else a sensor. */
export function thermometer(system: System): string | undefined {
  const zones = system
    .list('/sys/class/thermal')
    .filter((name) => name.startsWith('thermal_zone'))
    .map((name) => ({
      file: `/sys/class/thermal/${name}/temp`,
      type: system.readLine(`/sys/class/thermal/${name}/type`),
    }));
  const zone = zones.find(({ type }) => /cpu|soc|pkg|x86/i.test(type ?? '')) ?? zones[0];
  if (zone) return zone.file;
  const sensors = system.list('/sys/class/hwmon').map((name) => `/sys/class/hwmon/${name}/temp1_input`);
  return sensors.find(system.exists);
}

type KeptFile = { read(): string; close(): void };

/** /proc/stat grows with the number of processors, but what is wanted is at its beginning. */
const readBytes = 4096;

/** A file that is read from its beginning again and again; empty where there is none or it cannot be read now. */
function openKept(system: System, path: string | undefined): KeptFile {
  let descriptor: number | undefined;
  try {
    if (path !== undefined) descriptor = openSync(system.path(path), 'r');
  } catch {
    // This box has no such figure.
  }
  const buffer = Buffer.alloc(readBytes);
  return {
    read() {
      if (descriptor === undefined) return '';
      try {
        return buffer.toString('latin1', 0, readSync(descriptor, buffer, 0, readBytes, 0));
      } catch {
        return '';
      }
    },
    close() {
      if (descriptor !== undefined) closeSync(descriptor);
      descriptor = undefined;
    },
  };
}
