/** `npm run bench`: the agent's figures, each beside the floor of the same minute and machine. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import Database from 'better-sqlite3';
import { variants } from './agent.ts';
import { type Figure, type Report, table } from './figures.ts';
import { benchLineup } from './lineup.ts';
import { describeMachine } from './machine.ts';
import { benchMemory } from './memory.ts';
import { benchRoundTrip } from './round-trip.ts';
import { benchStart } from './start.ts';
import { benchStorage } from './storage.ts';

const help = `Measures the agent: starts, memory, round trips, and what an action costs the disk.

Usage: npm run bench -- [--only NAME] [--quick] [--json]

  --only NAME   one of: start, memory, round-trip, storage, line-up
  --quick       few repetitions: whether it runs, not how fast
  --json        the JSON lines only, no table at the end`;

const benches: Record<string, (report: Report, isQuick: boolean) => Promise<void>> = {
  start: benchStart,
  memory: benchMemory,
  'round-trip': (report, isQuick) => benchRoundTrip(report, variants.bundle, isQuick),
  storage: (report, isQuick) => benchStorage(report, variants.bundle, isQuick),
  'line-up': benchLineup,
};

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false, short: 'h' },
  },
});
const chosen = values.only === undefined ? Object.keys(benches) : [values.only];
if (values.help || chosen.some((name) => !Object.hasOwn(benches, name))) {
  process.stderr.write(`${help}\n`);
  process.exit(values.help ? 0 : 2);
}

const say = (line: object) => process.stdout.write(`${JSON.stringify(line)}\n`);
execFileSync(process.execPath, [fileURLToPath(new URL('../../packaging/build.ts', import.meta.url))], {
  stdio: ['ignore', 'ignore', 'inherit'],
});
say({ machine: describeMachine(sqliteVersion()), quick: values.quick });
const figures: Figure[] = [];
for (const name of chosen) {
  await benches[name]?.((figure) => {
    figures.push(figure);
    say(figure);
  }, values.quick);
}
if (!values.json) process.stdout.write(`\n${table(figures)}\n`);
process.exit(0);

function sqliteVersion(): string {
  const db = new Database(':memory:');
  const { version } = db.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  db.close();
  return version;
}
