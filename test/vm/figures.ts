/**
 * What the agent costs a box at rest: `node test/vm/figures.ts [MINUTES]`, by default 10. Prints one line of JSON.
 * Everything is read from the kernel, by the guest agent.
 */
import { setTimeout as wait } from 'node:timers/promises';
import { temporaryDirectory } from '../support/temporary.ts';
import { undoList } from '../support/undo.ts';
import { openBench } from './support/bench.ts';
import type { Guest } from './support/guest-agent.ts';
import { prepare, progressPrinter } from './support/prepare.ts';
import { unitProperty } from './support/unit.ts';

/** What starting costs is over by then. */
const settleMs = 60_000;

type Sample = {
  rssKb: number;
  pssKb: number;
  anonymousKb: number;
  switches: number;
  writtenBytes: number;
  deviceBytes: number;
};

async function sample(guest: Guest): Promise<Sample> {
  const pid = await unitProperty(guest, 'MainPID');
  const text = await guest.read(
    `cat /proc/${pid}/smaps_rollup /proc/${pid}/io; cat /proc/${pid}/task/*/status | awk '/^voluntary/ {sum += $2} END {print "switches:", sum}'; awk '{print "sectors:", $7}' /sys/block/vda/stat`,
  );
  const figure = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, 'm').exec(text)?.[1]);
  return {
    rssKb: figure('Rss'),
    pssKb: figure('Pss'),
    anonymousKb: figure('Anonymous'),
    switches: figure('switches'),
    writtenBytes: figure('write_bytes'),
    // Sectors of /sys/block are always of 512 bytes (Documentation/block/stat.rst).
    deviceBytes: figure('sectors') * 512,
  };
}

const minutes = Number(process.argv[2] ?? 10);
const undo = undoList();
try {
  const print = progressPrinter();
  const prepared = await prepare(temporaryDirectory(undo.after), print);
  const bench = await openBench(undo.after, prepared);
  const { guest } = bench.machine;
  await bench.startAgent();
  print(`online; looking on for ${minutes} minutes`);
  await wait(settleMs);
  const before = await sample(guest);
  await wait(minutes * 60_000);
  const after = await sample(guest);
  const figures = {
    minutes,
    rssMb: after.rssKb / 1024,
    pssMb: after.pssKb / 1024,
    anonymousMb: after.anonymousKb / 1024,
    wakeUpsPerSecond: (after.switches - before.switches) / (minutes * 60),
    agentWrittenBytes: after.writtenBytes - before.writtenBytes,
    deviceWrittenBytes: after.deviceBytes - before.deviceBytes,
    exposure: (await guest.read('systemd-analyze security --no-pager stb-agent | tail -1')).trim(),
  };
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await undo.all();
}
