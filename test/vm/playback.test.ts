/** What the agent plays: by the tuner, over HTTP and over multicast. The witnesses are the tuner's frontend and the sound that comes out of the box. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { temporaryDirectory } from '../support/temporary.ts';
import { undoList } from '../support/undo.ts';
import { type Bench, fromBox, openBench } from './support/bench.ts';
import { setChannel, vidtv } from './support/channels.ts';
import { serveFiles } from './support/file-server.ts';
import { heardSound, tone } from './support/sound.ts';

const group = 'udp://239.10.0.3:5000';

let bench: Bench;
let site: string;
const channels = { tuner: '', http: '', multicast: '', dead: '' };
const undo = undoList();

beforeAll(async () => {
  bench = await openBench(undo.after);
  const directory = temporaryDirectory(undo.after);
  writeFileSync(join(directory, 'tone.wav'), tone(300));
  site = fromBox((await serveFiles(directory, undo.after)).url);
  const { headend } = bench;
  channels.tuner = await setChannel(headend, 'Parliament', { dvb: vidtv });
  channels.http = await setChannel(headend, 'Harbour One', { baseChannel: `${site}/tone.wav` });
  channels.multicast = await setChannel(headend, 'Northern News', { baseChannel: group });
  channels.dead = await setChannel(headend, 'Harbour Two', { baseChannel: 'http://10.0.2.2:9/nothing' });
  const { guest } = bench.machine;
  await guest.read('amixer -q -c 0 sset Master 80% unmute');
  // Once without the agent's limit: the first start of mpv reads a hundred libraries from the disk, and they are translated, too.
  await guest.read(`mpv --no-config --no-terminal --length=1 ${site}/tone.wav`);
  await bench.startAgent();
});
afterAll(undo.all);

test('DVB and PLAYCHANNEL: the tuner locks on the service, and what is transmitted comes out of the box', async () => {
  // The headend sends DVB by itself to every box that a changed channel concerns.
  const actions = await bench.headend.api.actionsOf(bench.box.id);
  const dvb = actions.find(({ type }) => type === 'DVB')?.id ?? (await bench.act('DVB'));
  expect(await bench.ended(dvb)).toMatchObject({ state: 'done' });
  const heard = heardSound(bench.machine);
  const action = await bench.carryOut('PLAYCHANNEL', { channel: channels.tuner });
  expect(action).toMatchObject({ state: 'done', result: { reception: 'DVB', lock: { frequencyKhz: 474_000 } } });
  const frontend = await bench.machine.guest.run('timeout 5 dvb-fe-tool -a 0 --femon --count 1 2>&1');
  expect(frontend.stdout).toMatch(/Lock\s+\(0x1f\)/);
  await heard;
});

test('PLAYCHANNEL of a base stream over HTTP is heard', async () => {
  const heard = heardSound(bench.machine);
  const action = await bench.carryOut('PLAYCHANNEL', { channel: channels.http });
  expect(action).toMatchObject({ state: 'done', result: { reception: 'BASE' } });
  await heard;
});

test('PLAYCHANNEL of a base stream over UDP multicast is heard', async () => {
  const { guest } = bench.machine;
  const encoded = '--length=20 --o=/run/stream.ts --of=mpegts --oac=mp2';
  await guest.read(`mpv --no-config --no-terminal ${site}/tone.wav ${encoded}`);
  await guest.writeFile('/run/multicast.mjs', sender);
  await guest.read('systemd-run --quiet --unit=multicast /usr/lib/stb-agent/bin/node /run/multicast.mjs');
  const heard = heardSound(bench.machine);
  const action = await bench.carryOut('PLAYCHANNEL', { channel: channels.multicast });
  expect(action).toMatchObject({ state: 'done', result: { reception: 'BASE' } });
  await heard;
});

/** Sends the stream to the group again and again, seven packets a datagram, about as fast as it plays. */
const sender = `
import { createSocket } from 'node:dgram';
import { readFileSync } from 'node:fs';
const stream = readFileSync('/run/stream.ts');
const socket = createSocket('udp4').bind(() => socket.setMulticastLoopback(true));
let at = 0;
setInterval(() => {
  for (let sent = 0; sent < 2; sent += 1) {
    if (at >= stream.length) at = 0;
    socket.send(stream.subarray(at, at + 1316), 5000, '239.10.0.3');
    at += 1316;
  }
}, 50);
`;

test('a dead address: the report says what mpv says', async () => {
  const action = await bench.carryOut('PLAYCHANNEL', { channel: channels.dead });
  expect(action).toMatchObject({
    state: 'failed',
    error: {
      code: 'PLAYBACK_FAILED',
      message: expect.stringMatching(/mpv says: .*(Connection refused|loading failed)/),
    },
  });
});

test('with the channel file that the agent has written dvbv5-zap receives whole transport packets', async () => {
  const { guest } = bench.machine;
  const file = '/var/lib/stb-agent/linux/channels.conf';
  await guest.read(
    `dvbv5-zap -c ${file} -P -t 5 -o /run/received.ts ${channels.tuner} && truncate -s '<188000' /run/received.ts`,
  );
  const received = await guest.readFile('/run/received.ts');
  // ISO/IEC 13818-1, 2.4.3.2: packets of 188 bytes that begin with 0x47; PID 0 is the programme association table.
  const packets = Array.from({ length: Math.floor(received.length / 188) }, (_, at) => received.subarray(at * 188));
  expect(packets.length).toBeGreaterThan(100);
  expect(packets.filter((packet) => packet[0] !== 0x47)).toEqual([]);
  expect(packets.some((packet) => (packet.readUInt16BE(1) & 0x1fff) === 0)).toBe(true);
});
