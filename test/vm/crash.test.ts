/** kill -9 of the agent in the middle of every action that the box can carry out on its real devices: each is settled as its type demands. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ExclusiveGroup } from '../../agent/action.ts';
import { actions } from '../../agent/actions/index.ts';
import { isFinal } from '../../agent/protocol/messages.ts';
import { type ActionType, actionTypes } from '../../agent/protocol/params.ts';
import { finalReports } from '../support/headend-api.ts';
import { startSite } from '../support/site.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';
import { type Bench, fromBox, hostFromBox, openBench } from './support/bench.ts';
import { setChannel, vidtv } from './support/channels.ts';
import { serveFiles } from './support/file-server.ts';
import { createGate, type Gate } from './support/gate.ts';
import { holdFile, makeHoldable } from './support/hold-program.ts';
import { tone } from './support/sound.ts';
import { unitProperty } from './support/unit.ts';

/** How an action is brought into its middle: what it waits for is behind the gate, or is a program that is held, or takes for ever. */
type Row = {
  params?: object;
  /** What then runs in the box, as pgrep(1) looks for it; without it the action is in its middle when it has started. */
  runs?: string;
};

let bench: Bench;
let gate: Gate;
let rows: Partial<Record<ActionType, Row>>;
const undo = undoList();

beforeAll(async () => {
  gate = createGate(undo.after);
  bench = await openBench(undo.after);
  const { headend, machine } = bench;
  const { guest } = machine;
  const directory = temporaryDirectory(undo.after);
  writeFileSync(join(directory, 'tone.wav'), tone(60));
  const files = await gate.through((await serveFiles(directory, undo.after)).url);
  const sound = `${fromBox(files)}/tone.wav`;
  const site = await startSite(undo.after);
  const channel = await setChannel(headend, 'Harbour One', { baseChannel: sound });
  const radiochannel = await setChannel(headend, 'Radio Harbour', { baseChannel: sound });
  await setChannel(headend, 'Parliament', { dvb: vidtv });
  rows = {
    SCRIPT: { params: { script: fromBox(site.script('exec sleep 3600')) }, runs: '^sleep 3600' },
    EMULATEKEYS: { params: { keys: Array(100).fill('OK'), gap: 5000 } },
    SCREENSHOT: {},
    CHANNELS: {},
    FIRMWARE: { params: { firmware: sound } },
    VIDEO: { params: { video: sound }, runs: '^/usr/bin/mpv' },
    // These give up before long: they come last.
    MANAGEMENT: { params: { port: 20_022, lifetime: 60 }, runs: '^/usr/bin/dbclient' },
    SPEEDTEST: {},
    VOLUME: { params: { volume: 61 }, runs: `${held} /usr/bin/amixer` },
    DVB: {},
    PLAYCHANNEL: { params: { channel }, runs: '^/usr/bin/mpv' },
    PLAYRADIOCHANNEL: { params: { radiochannel }, runs: '^/usr/bin/mpv' },
    REBOOT: { runs: `${held} /usr/bin/systemctl` },
    SWITCH_OFF: { runs: `${held} /usr/bin/cec-ctl` },
  };

  await guest.read('cec-ctl -d /dev/cec0 --tv --osd-name TV');
  await makeHoldable(guest, '/usr/bin/amixer', 'case "$*" in *61%*) true ;; *) false ;; esac');
  await makeHoldable(guest, '/usr/bin/systemctl', '[ "$1" = reboot ]');
  await makeHoldable(guest, '/usr/bin/cec-ctl', '[ "$3" = --skip-info ]');
  await guest.writeFile(keyFile, readFileSync(headend.agentConfig['management.key_file'] ?? ''), '600');
  const management = await gate.through(`http://127.0.0.1:${headend.agentConfig['management.ssh_port']}`);
  await bench.startAgent({
    config: {
      'headend.url': fromBox(await gate.through(headend.url)),
      'platform.linux.cec_device': '/dev/cec1',
      'speedtest.seconds': 1,
      'management.host': hostFromBox,
      'management.ssh_port': Number(new URL(management).port),
      'management.key_file': keyFile,
      'management.host_key': headend.agentConfig['management.host_key'],
    },
  });
  // What the headend sends to every box that a changed channel concerns is not to come in between.
  await until(
    async () => (await headend.api.actionsOf(bench.box.id)).every(({ state }) => isFinal(state)),
    'the new box to have its line-up',
    240_000,
  );
  expect(await bench.carryOut('CHANNELS')).toMatchObject({ state: 'done' });
});
afterAll(undo.all);

const keyFile = '/etc/stb-agent/management.key';
/** A program that is held is a shell script for the kernel, see hold-program.ts. */
const held = '^/bin/sh';

test('kill -9 in the middle of every action: what may run twice is done by the next agent, the rest is settled or INTERRUPTED, and each is reported once', async () => {
  const types = await typesOfBox();
  expect(types.filter((type) => rows[type] === undefined)).toEqual([]);
  const rounds = inRounds(types);
  const restarts = async () => Number(await unitProperty(bench.machine.guest, 'NRestarts'));
  for (const round of rounds) {
    const before = await restarts();
    const ids = await killInTheMiddleOf(round);
    for (const [type, id] of ids) {
      const action = await bench.ended(id);
      expect(action, `${type}: ${JSON.stringify(action.error)}`).toMatchObject(await expectedOf(type));
      expect(finalReports(action), type).toHaveLength(1);
    }
    expect(await restarts()).toBe(before + 1);
  }
  expect(await bench.machine.guest.read('amixer -M -c 0 sget Master')).toMatch(/\[6[0-2]%\]/);
});

/** What the box says it can do, the most harmless first. */
async function typesOfBox(): Promise<ActionType[]> {
  const { types } = (await (await bench.headend.api.get(`/stb/v1/boxes/${bench.box.id}`)).json()) as {
    types: string[];
  };
  const order = Object.keys(rows);
  return actionTypes
    .filter((type) => types.includes(type))
    .toSorted((one, other) => order.indexOf(one) - order.indexOf(other));
}

/** What can be under way at the same time dies together. */
function inRounds(types: ActionType[]): ActionType[][] {
  const rounds: ActionType[][] = [];
  const group = (type: ActionType): ExclusiveGroup | null => actions[type].group;
  for (const type of types) {
    const fits = (round: ActionType[]) => !round.some((other) => [group(type), 'box'].includes(group(other)));
    const round = group(type) === 'box' ? undefined : rounds.find(fits);
    if (round) round.push(type);
    else rounds.push([type]);
  }
  return rounds;
}

/** Resolves with the actions' ids, once systemd has been told to start the next agent. */
async function killInTheMiddleOf(types: ActionType[]): Promise<[ActionType, string][]> {
  const { guest } = bench.machine;
  const ids: [ActionType, string][] = [];
  gate.shut();
  await guest.read(`touch ${holdFile}`);
  for (const type of types) {
    const row = rows[type] ?? {};
    const id = await bench.act(type, row.params);
    ids.push([type, id]);
    if (type !== types.at(-1) || row.runs === undefined) await inTheMiddle(id, row);
  }
  // The last is waited for in the box itself, for some programs are given up within seconds. What is held must not go on before it has died.
  const last = runs(rows[types.at(-1) as ActionType] ?? {});
  await guest.read(`timeout 120 sh -c '${last}'; systemctl kill --kill-who=main -s KILL stb-agent
    while pgrep -f '${held} /usr/bin/' >/dev/null; do sleep 0.1; done; rm ${holdFile}`);
  gate.open();
  return ids;
}

/** Resolves when an action is in its middle. */
async function inTheMiddle(id: string, row: Row): Promise<void> {
  const isStarted = async () => {
    const action = await bench.headend.api.action(id);
    if (isFinal(action.state)) throw new Error(`it ended: ${JSON.stringify(action.error ?? action.result)}`);
    return action.state === 'started';
  };
  await until(isStarted, `${id} to be in its middle`, 120_000, 200);
  await bench.machine.guest.read(`timeout 120 sh -c '${runs(row)}'`);
}

/** Waits in the box for what runs in the middle of an action. */
const runs = ({ runs: pattern }: Row) =>
  pattern === undefined ? 'true' : `until pgrep -f "${pattern}" >/dev/null; do sleep 0.1; done`;

async function expectedOf(type: ActionType): Promise<object> {
  const isDark = async () => (await bench.machine.guest.read('cat /sys/class/drm/card0-*/dpms')).trim() === 'Off';
  const isDone = actions[type].idempotent || (type === 'SWITCH_OFF' && (await isDark()));
  return isDone ? { state: 'done' } : { state: 'failed', error: { code: 'INTERRUPTED' } };
}
