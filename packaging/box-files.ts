/** What the firmware image of a systemd box takes of this project: the bundle of `npm run build`, the unit and its companions. */
import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Where each part goes. The Node that runs it is the image's: /usr/lib/stb-agent/bin/node. */
const places = [
  ['dist', '/usr/lib/stb-agent'],
  ['packaging/systemd/stb-agent.sh', '/usr/bin/stb-agent'],
  ['packaging/systemd/stb-agent.service', '/usr/lib/systemd/system/stb-agent.service'],
  ['packaging/systemd/logind.conf', '/etc/systemd/logind.conf.d/stb-agent.conf'],
  ['packaging/systemd/modules-load.conf', '/etc/modules-load.d/stb-agent.conf'],
] as const;

/** Lays them out under `directory`, as they stand under the root of a box. `npm run build` must have run. */
export function layOutBoxFiles(directory: string): void {
  for (const [source, place] of places) {
    const target = join(directory, place);
    mkdirSync(dirname(target), { recursive: true });
    cpSync(join(root, source), target, { recursive: true });
  }
  chmodSync(join(directory, '/usr/bin/stb-agent'), 0o755);
}
