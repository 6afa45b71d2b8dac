/** Whether a power key of ours would switch the box off behind the agent's back: systemd-logind acts on any device that udev tells it of. */
import type { System } from './system.ts';

/** logind.conf(5): the main file, and drop-ins of which those in /etc win over those in /run and /usr/lib. */
const mainFiles = ['/etc/systemd/logind.conf', '/usr/lib/systemd/logind.conf'];
const dropInFolders = ['/usr/lib/systemd', '/run/systemd', '/etc/systemd'].map((folder) => `${folder}/logind.conf.d`);

/** True when logind runs, watches this input device (`event3`) and is not told to leave the power key alone. */
export function logindTakesPowerKey(system: System, event: string | undefined): boolean {
  if (!system.exists('/run/systemd/seats')) return false;
  if (event !== undefined && !isPowerSwitch(system, event)) return false;
  return (handlePowerKey(system) ?? 'poweroff') !== 'ignore';
}

/** udev keeps a tag as an empty file named by the device: c13:67. */
function isPowerSwitch(system: System, event: string): boolean {
  const device = system.readLine(`/sys/class/input/${event}/dev`);
  return device === undefined || system.exists(`/run/udev/tags/power-switch/c${device}`);
}

function handlePowerKey(system: System): string | undefined {
  const main = mainFiles.find(system.exists);
  // A drop-in replaces one of the same name in a folder that comes before it; among names, the later wins.
  const dropIns = new Map<string, string>();
  for (const folder of dropInFolders) {
    for (const name of system.list(folder)) if (name.endsWith('.conf')) dropIns.set(name, `${folder}/${name}`);
  }
  const files = [main, ...[...dropIns.keys()].sort().map((name) => dropIns.get(name))];
  const values = files.flatMap((file) => {
    const text = file === undefined ? '' : (system.read(file) ?? '');
    return [...text.matchAll(/^\s*HandlePowerKey\s*=\s*(\S*)/gm)].map(([, value]) => value);
  });
  return values.at(-1);
}
