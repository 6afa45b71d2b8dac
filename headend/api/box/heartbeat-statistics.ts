import type { Telemetry } from '../../../agent/protocol/messages.ts';

/**
 * The statistics of a Telecom X heartbeat as telemetry: cpuUsage (a string), freeMemory (0 to 100), uptime (seconds), wifiLinkSpeed,
 * wifiSignalStrength, temperatureZones (comma-separated), turnedOff. Undefined when none of them is there; what is no number is left out.
 */
export function telemetryOf(said: Record<string, unknown>): Telemetry | undefined {
  const figures = {
    cpuPercent: number(said.cpuUsage),
    freeMemoryPercent: number(said.freeMemory),
    uptimeSeconds: number(said.uptime),
    wifiLinkMbps: number(said.wifiLinkSpeed),
    wifiSignalDbm: number(said.wifiSignalStrength),
    temperature: hottest(said.temperatureZones),
    power: typeof said.turnedOff === 'boolean' ? (said.turnedOff ? ('standby' as const) : ('on' as const)) : undefined,
  };
  const known = Object.entries(figures).filter(([, value]) => value !== undefined);
  if (known.length === 0) return undefined;
  return { v: 1, kind: 'telemetry', at: new Date().toISOString(), ...Object.fromEntries(known) };
}

function number(value: unknown): number | undefined {
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value.replace('%', '')) : value;
  return typeof parsed === 'number' && Number.isFinite(parsed) ? parsed : undefined;
}

function hottest(zones: unknown): number | undefined {
  const degrees = typeof zones === 'string' ? zones.split(',').map(number) : [];
  const known = degrees.filter((value) => value !== undefined);
  return known.length > 0 ? Math.max(...known) : undefined;
}
