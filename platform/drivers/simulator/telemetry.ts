import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TelemetrySource } from '../../contract.ts';
import { busyPercent, freeBytes, parseCpu, parseFreeMemory, toTenths } from '../../proc.ts';
import type { Box } from './box.ts';
import type { Faults } from './faults.ts';

/**
 * How the box is: the figures of the machine it is simulated on, read from /proc as a box would, and a made-up temperature that
 * follows the load. Where there is no /proc, the figures are left out.
 */
export function createTelemetry(box: Box, faults: Faults): TelemetrySource {
  let before = parseCpu(read('/proc/stat'));
  return {
    async sample() {
      const now = parseCpu(read('/proc/stat'));
      const cpuPercent = now && before ? busyPercent(before, now) : undefined;
      if (now && cpuPercent !== undefined) before = now;
      const freeMemoryPercent = parseFreeMemory(read('/proc/meminfo'));
      const freeDiskBytes = faults.diskFull() ? 0 : freeBytes(dirname(box.settings.stateFile));
      return {
        ...(cpuPercent !== undefined && { cpuPercent }),
        ...(freeMemoryPercent !== undefined && { freeMemoryPercent }),
        ...(freeDiskBytes !== undefined && { freeDiskBytes }),
        uptimeSeconds: Math.max(0, Math.round((Date.now() - box.state.bootedAt) / 1000)),
        temperature: temperatureOf(cpuPercent ?? 0),
      };
    },
  };
}

function temperatureOf(cpuPercent: number): number {
  return toTenths(41 + cpuPercent * 0.22);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
