/** The linux driver's player with a real mpv; its sound and picture go nowhere. Needs Debian's mpv. */
import { execFileSync, spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createReadStream, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { skips } from '../../platform/conformance.ts';
import type { Source } from '../../platform/contract.ts';
import { freePort } from '../support/free-port.ts';
import { conformanceOf, openMachineUnderTest, openThisMachine } from '../support/linux-box.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { need } from '../support/tools.ts';
import { undoList } from '../support/undo.ts';
import { until } from '../support/until.ts';

const mpv = need('mpv', 'mpv');
const mpvOptions = ['--vo=null', '--ao=null'];
const calm = new AbortController().signal;
const undo = undoList();
let folder: string;
let base: string;

beforeAll(async () => {
  folder = temporaryDirectory(undo.after);
  const made = ['--of=mpegts', '--ovc=mpeg2video', '--oac=mp2', `--o=${join(folder, 'film.ts')}`];
  const picture = 'av://lavfi:testsrc=size=320x240:rate=25:duration=6';
  execFileSync(mpv, ['--no-config', '--really-quiet', picture, '--audio-file=av://lavfi:sine=duration=6', ...made]);
  const media = ['#EXTM3U', '#EXT-X-TARGETDURATION:6', '#EXTINF:6,', 'film.ts', '#EXT-X-ENDLIST', ''].join('\n');
  writeFileSync(join(folder, 'film.m3u8'), media);
  const server = createServer((request, response) => {
    const file = join(folder, request.url ?? '');
    if (!existsSync(file)) response.writeHead(404).end();
    else createReadStream(file).pipe(response.setHeader('content-length', statSync(file).size));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  undo.after(() => {
    server.closeAllConnections();
    server.close();
  });
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(undo.all);

/** Sends the film to a multicast group, over and over, at some three times its speed. */
async function sendMulticast({ rtp }: { rtp: boolean }): Promise<string> {
  const film = readFileSync(join(folder, 'film.ts'));
  const [group, port] = ['239.255.7.7', await freePort()];
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  socket.setMulticastInterface('127.0.0.1');
  const bytes = 7 * 188;
  let at = 0;
  let sequence = 0;
  const sending = setInterval(() => {
    for (let i = 0; i < 8; i++, at = (at + bytes) % film.length, sequence += 1) {
      const header = Buffer.alloc(rtp ? 12 : 0);
      // RTP with payload type 33, an MPEG transport stream (RFC 3551).
      if (rtp) header.writeUInt32BE(0x8021_0000 + (sequence & 0xffff), 0);
      socket.send(Buffer.concat([header, film.subarray(at, at + bytes)]), port, group);
    }
  }, 10);
  onTestFinished(() => {
    clearInterval(sending);
    socket.close();
  });
  return `${rtp ? 'rtp' : 'udp'}://${group}:${port}?localaddr=127.0.0.1`;
}

const sources: Record<string, () => Promise<string> | string> = {
  http: () => `${base}/film.ts`,
  HLS: () => `${base}/film.m3u8`,
  file: () => `file://${folder}/film.ts`,
  'UDP multicast': () => sendMulticast({ rtp: false }),
  RTP: () => sendMulticast({ rtp: true }),
};

test.each(Object.entries(sources))('%s: plays, and is what is on', async (_name, urlOf) => {
  const { player } = await openThisMachine({ mpvOptions });
  const source: Source = { kind: 'channel', id: 'c1', name: 'One', number: 1, reception: 'BASE', url: await urlOf() };
  await player?.play(source, calm);
  expect(player?.playing()).toEqual(source);
  await player?.stop();
  expect(player?.playing()).toBeNull();
});

test.each([
  {
    what: 'nobody listens',
    url: async () => `http://127.0.0.1:${await freePort()}/film.ts`,
    reason: /Connection refused/,
  },
  { what: 'there is no such file', url: async () => `${base}/none.ts`, reason: /HTTP error 404 Not Found/ },
  {
    what: 'it is no film',
    url: async () => `file://${import.meta.filename}`,
    reason: /unrecognized file format.*nothing came from there/,
  },
])('where $what, it is PLAYBACK_FAILED with the reason that mpv has', async ({ url, reason }) => {
  const { player } = await openThisMachine({ mpvOptions });
  await expect(player?.play({ kind: 'video', url: await url() }, calm)).rejects.toMatchObject({
    code: 'PLAYBACK_FAILED',
    message: expect.stringMatching(reason),
  });
  expect(player?.playing()).toBeNull();
});

test('when a film is over nothing is on, and its mpv is gone', async () => {
  const { player } = await openThisMachine({ mpvOptions: [...mpvOptions, '--speed=20'] });
  await player?.play({ kind: 'video', url: `${base}/film.ts` }, calm);
  await until(() => player?.playing() === null, 'the end of the film');
});

test('what was asked for last is on, whatever becomes of what was still starting: replaced or aborted', async () => {
  const { player } = await openThisMachine({ mpvOptions });
  const [film, other] = [`${base}/film.ts`, `${base}/film.m3u8`];
  // Nobody sends there.
  const silent = `udp://239.255.7.8:${await freePort()}?localaddr=127.0.0.1`;
  const replaced = player?.play({ kind: 'video', url: silent }, calm);
  await Promise.all([
    expect(replaced).rejects.toMatchObject({ code: 'PLAYBACK_FAILED' }),
    player?.play({ kind: 'video', url: film }, calm),
  ]);
  expect(player?.playing()).toMatchObject({ url: film });

  const ending = new AbortController();
  const aborted = player?.play({ kind: 'video', url: silent }, ending.signal);
  const last = player?.play({ kind: 'video', url: other }, calm);
  ending.abort(new Error('given up'));
  await Promise.all([expect(aborted).rejects.toThrow('given up'), last]);
  expect(player?.playing()).toMatchObject({ url: other });
});

test('an mpv that dies is not said to play, and the next play starts another', async () => {
  const pidFile = join(temporaryDirectory(), 'pid');
  const script = join(temporaryDirectory(), 'pid.lua');
  writeFileSync(script, `local f = io.open(${JSON.stringify(pidFile)}, 'w') f:write(mp.get_property('pid')) f:close()`);
  const { player } = await openThisMachine({ mpvOptions: [...mpvOptions, `--script=${script}`] });
  await player?.play({ kind: 'video', url: `${base}/film.ts` }, calm);
  process.kill(Number(readFileSync(pidFile, 'utf8')), 'SIGKILL');
  await until(() => player?.playing() === null, 'its death to be noticed');
  await player?.play({ kind: 'video', url: `${base}/film.ts` }, calm);
  expect(player?.playing()).toMatchObject({ kind: 'video' });
});

test('an mpv that cannot start is told with its own words', async () => {
  const { player } = await openThisMachine({ mpvOptions: ['--no-such-option'] });
  await expect(player?.play({ kind: 'video', url: `${base}/film.ts` }, calm)).rejects.toMatchObject({
    code: 'DEVICE_FAILED',
    message: expect.stringMatching(/starting .*mpv: exit code 1.*no-such-option/s),
  });
});

test("the box's own mpv plays through its socket, goes on when the agent ends, and tells what others play", async () => {
  const socket = join(temporaryDirectory(), 'mpv.sock');
  const child = spawn(mpv, ['--no-config', '--idle', '--no-terminal', ...mpvOptions, `--input-ipc-server=${socket}`]);
  onTestFinished(() => void child.kill('SIGKILL'));
  await until(() => existsSync(socket), 'the socket of mpv');
  const first = await openThisMachine({ mpvSocket: socket });
  await first.player?.play({ kind: 'channel', id: 'c1', url: `${base}/film.ts` }, calm);
  await first.close();
  expect(child.exitCode).toBeNull();
  const second = await openThisMachine({ mpvSocket: socket });
  await until(() => second.player?.playing()?.url === `${base}/film.ts`, 'what is on to be noticed');
  await second.player?.stop();
  expect(second.player?.playing()).toBeNull();
});

describe('the platform contract', () => {
  test.each(conformanceOf('player'))('$title', async (promise) => {
    const good: Source = { kind: 'channel', id: 'news', name: 'News', number: 1, url: `${base}/film.ts` };
    const other: Source = { kind: 'video', url: `${base}/film.m3u8` };
    const bad: Source = { kind: 'video', url: `http://127.0.0.1:${await freePort()}/film.ts` };
    const box = await openMachineUnderTest({ mpvOptions }, { sources: { good, other, bad } });
    expect(skips(promise, box)).toBeUndefined();
    await promise.run(box);
  });
});
