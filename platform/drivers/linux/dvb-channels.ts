/** Services as the headend has them, written as the channel file of dvbv5-zap(1). */
import { type DvbService, PlatformError } from '../../contract.ts';

/** The streams of a service; found out when it is first tuned to, for the headend does not tell them. */
export type ServicePids = { video?: number; audio?: number };

type System = 'C' | 'T' | 'T2' | 'S' | 'S2';

const deliverySystems: Record<System, string> = {
  C: 'DVBC/ANNEX_A',
  T: 'DVBT',
  T2: 'DVBT2',
  S: 'DVBS',
  S2: 'DVBS2',
};

/** One section of the file. Throws DEVICE_FAILED for a service without what tuning needs. */
export function channelSection({ channel, name, dvb }: DvbService, pids: ServicePids = {}): string {
  const frequency = frequencyHz(dvb);
  if (frequency === undefined) {
    throw new PlatformError(
      'DEVICE_FAILED',
      `service ${name}: freq is ${JSON.stringify(dvb.freq)}, expected kHz as 218002`,
    );
  }
  const system = systemOf(dvb);
  const isSatellite = system.startsWith('S');
  const lines: [string, string | number | undefined][] = [
    ['SERVICE_ID', number(dvb.prog)],
    ['VIDEO_PID', pids.video],
    ['AUDIO_PID', pids.audio],
    // The kernel counts satellite frequencies in kHz, all others in Hz.
    ['FREQUENCY', isSatellite ? Math.round(frequency / 1000) : frequency],
    ['DELIVERY_SYSTEM', deliverySystems[system]],
    ['MODULATION', modulation(dvb.mod)],
    ['SYMBOL_RATE', symbolRate(dvb.symrate)],
    ['BANDWIDTH_HZ', system.startsWith('T') ? bandwidthHz(dvb.chBW) : undefined],
    [system.startsWith('T') ? 'CODE_RATE_HP' : 'INNER_FEC', fec(dvb.fec)],
    ['POLARIZATION', isSatellite ? polarization(dvb.pol) : undefined],
    ['LNB', isSatellite ? String(dvb.lnb ?? 'UNIVERSAL') : undefined],
    ['INVERSION', 'AUTO'],
  ];
  const set = lines.filter(([, value]) => value !== undefined);
  return `[${channel}]\n${set.map(([key, value]) => `\t${key} = ${value}\n`).join('')}`;
}

/** The service's frequency in Hz; Telecom X has kHz, and what is too large for that is taken as Hz. */
export function frequencyHz({ freq }: DvbService['dvb']): number | undefined {
  const value = number(freq);
  if (value === undefined || value <= 0) return undefined;
  return value >= 30_000_000 ? value : Math.round(value * 1000);
}

/** What its `type` says, else the first letter of its `id` (`C_1039_218000`), else cable. */
function systemOf({ type, id }: DvbService['dvb']): System {
  const text = String(type ?? '')
    .toUpperCase()
    .replace(/^DVB-?/, '');
  if (Object.hasOwn(deliverySystems, text)) return text as System;
  const letter = /^([CTS])2?_/.exec(String(id ?? '').toUpperCase())?.[1];
  return (letter as System | undefined) ?? 'C';
}

/** `256QAM`, `QAM256` and `QAM_256` are QAM/256. */
function modulation(mod: string | number | undefined): string {
  const text = String(mod ?? 'AUTO').toUpperCase();
  const [, order] = /^(?:QAM[\s_/]?(\d+))$/.exec(text) ?? /^(\d+)[\s_-]?QAM$/.exec(text) ?? [];
  if (order !== undefined) return `QAM/${order}`;
  if (/^(QPSK|8PSK)$/.test(text)) return text.replace('8PSK', 'PSK/8');
  return 'QAM/AUTO';
}

/** kBd, as 6875, or Bd. */
function symbolRate(symrate: string | number | undefined): number | undefined {
  const value = number(symrate);
  return value === undefined ? undefined : value < 100_000 ? Math.round(value * 1000) : value;
}

/** MHz, kHz or Hz: 8, 8000 or 8000000. */
function bandwidthHz(chBW: string | number | undefined): number | 'AUTO' {
  const value = number(chBW);
  if (value === undefined || value <= 0) return 'AUTO';
  return value < 100 ? value * 1_000_000 : value < 100_000 ? value * 1000 : value;
}

function fec(value: string | number | undefined): string {
  const text = String(value ?? '').replace('_', '/');
  return /^\d+\/\d+$/.test(text) ? text : 'AUTO';
}

function polarization(pol: string | number | undefined): string {
  return String(pol ?? '')
    .toUpperCase()
    .startsWith('V')
    ? 'VERTICAL'
    : 'HORIZONTAL';
}

function number(value: string | number | undefined): number | undefined {
  const parsed = typeof value === 'string' ? Number.parseFloat(value) : value;
  return parsed !== undefined && Number.isFinite(parsed) ? parsed : undefined;
}
