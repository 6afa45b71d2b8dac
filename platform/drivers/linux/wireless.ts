/** The level of a wireless interface. */
export type Wireless = { interface: string; signalDbm: number };

/**
 * /proc/net/wireless: two lines of headings, then one for each interface: status, link quality, level, noise. Drivers that count in dBm
 * give a negative level; any other figure has a scale of the driver's own and is left out.
 */
export function parseWireless(text: string): Wireless[] {
  return text.split('\n').flatMap((line) => {
    const [, name, level] = /^\s*(\S+):\s+\S+\s+\S+\s+(-?\d+)/.exec(line) ?? [];
    const signalDbm = Number(level);
    return name !== undefined && signalDbm < 0 && signalDbm >= -120 ? [{ interface: name, signalDbm }] : [];
  });
}
