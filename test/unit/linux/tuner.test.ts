import { expect, test } from 'vitest';
import { channelSection, frequencyHz } from '../../../platform/drivers/linux/dvb-channels.ts';
import { createServiceFinder } from '../../../platform/drivers/linux/transport-stream.ts';
import { parseLock } from '../../../platform/drivers/linux/zap.ts';

const cable = {
  channel: 'ch1',
  name: 'First',
  number: 1,
  dvb: { freq: 218_002, id: 'C_1039_218000', mod: '256QAM', symrate: 6875, prog: 1039 },
};

test("a cable service of the headend's is a section of dvbv5-zap's file", () => {
  expect(channelSection(cable, { video: 101, audio: 102 })).toBe(`[ch1]
	SERVICE_ID = 1039
	VIDEO_PID = 101
	AUDIO_PID = 102
	FREQUENCY = 218002000
	DELIVERY_SYSTEM = DVBC/ANNEX_A
	MODULATION = QAM/256
	SYMBOL_RATE = 6875000
	INNER_FEC = AUTO
	INVERSION = AUTO
`);
});

test('terrestrial and satellite services have what theirs need', () => {
  const dvb = { freq: 474_000, type: 'DVB-T2', mod: 'QAM64', chBW: 8, fec: '3/4', prog: '7' };
  expect(channelSection({ ...cable, dvb }).match(/\w+ = .*/g)).toEqual([
    'SERVICE_ID = 7',
    'FREQUENCY = 474000000',
    'DELIVERY_SYSTEM = DVBT2',
    'MODULATION = QAM/64',
    'BANDWIDTH_HZ = 8000000',
    'CODE_RATE_HP = 3/4',
    'INVERSION = AUTO',
  ]);
  const sky = { freq: 11_778_000_000, type: 'S2', mod: '8PSK', symrate: 27_500, pol: 'v', prog: 9 };
  expect(channelSection({ ...cable, dvb: sky }).match(/\w+ = .*/g)).toEqual([
    'SERVICE_ID = 9',
    'FREQUENCY = 11778000',
    'DELIVERY_SYSTEM = DVBS2',
    'MODULATION = PSK/8',
    'SYMBOL_RATE = 27500000',
    'INNER_FEC = AUTO',
    'POLARIZATION = VERTICAL',
    'LNB = UNIVERSAL',
    'INVERSION = AUTO',
  ]);
});

test('a frequency is in kHz, as a number or in words, or in Hz when it is too large for that', () => {
  expect([218_002, '218002', 474_000_000].map((freq) => frequencyHz({ freq }))).toEqual([
    218_002_000, 218_002_000, 474_000_000,
  ]);
  expect(() => channelSection({ ...cable, dvb: { freq: 'none' } })).toThrow(/freq is "none", expected kHz/);
});

test.each([
  {
    line: 'Lock   (0x1f) Quality= Good Signal= -34.16dBm C/N= 33.37dB UCB= 0 postBER= 0 preBER= 0 PER= 0',
    lock: { signalDbm: -34.16, snrDb: 33.37 },
  },
  { line: 'Lock   (0x1f) Signal= 71.00% C/N= 100.00%', lock: { signalPercent: 71 } },
  { line: '       Lock   (0x1f)', lock: {} },
  { line: 'Carrier(0x03) Signal= -60.00dBm', lock: undefined },
  { line: "Record to file 'f' started", lock: undefined },
])('the line "$line" is read', ({ line, lock }) => {
  expect(parseLock(line)).toEqual(lock);
});

/** One transport packet of a table: pointer 0, the section, filled up. `counter` and checksum are of no interest here. */
function packets(pid: number, section: number[]): Buffer {
  const bytes = [0, ...section];
  const made: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += 184) {
    const packet = Buffer.alloc(188, 0xff);
    packet.set([0x47, (at === 0 ? 0x40 : 0) | (pid >> 8), pid & 0xff, 0x10, ...bytes.slice(at, at + 184)]);
    made.push(packet);
  }
  return Buffer.concat(made);
}
const word = (value: number) => [value >> 8, value & 0xff];
const table = (id: number, body: number[]) => [
  id,
  ...word(0xb000 | (body.length + 9)),
  ...word(1),
  0xc1,
  0,
  0,
  ...body,
  0,
  0,
  0,
  0,
];
const pat = (...programs: [number, number][]) =>
  packets(
    0,
    table(
      0,
      programs.flatMap(([program, pid]) => [...word(program), ...word(0xe000 | pid)]),
    ),
  );
type Stream = [type: number, pid: number, descriptors?: number[]];
const pmt = (pid: number, streams: Stream[], programInfo: number[] = []) =>
  packets(
    pid,
    table(2, [
      ...word(0xe100),
      ...word(0xf000 | programInfo.length),
      ...programInfo,
      ...streams.flatMap(([type, at, info = []]) => [
        type,
        ...word(0xe000 | at),
        ...word(0xf000 | info.length),
        ...info,
      ]),
    ]),
  );

test('the first video and the first sound of the wanted service are found among others', () => {
  const finder = createServiceFinder(1039);
  expect(finder.add(pat([0, 16], [1, 100], [1039, 200]))).toBeUndefined();
  expect(finder.add(pmt(100, [[0x1b, 101]]))).toBeUndefined();
  expect(finder.programs()).toEqual([1, 1039]);
  const ac3: Stream = [0x06, 203, [0x6a, 1, 0]];
  expect(finder.add(pmt(200, [[0x06, 202, [0x59, 2, 1, 1]], [0x1b, 201], ac3, [0x03, 204]]))).toEqual({
    video: 201,
    audio: 203,
  });
});

test('a radio service of SMPTE 302M, as the virtual tuner has, is sound', () => {
  const finder = createServiceFinder(2176);
  const bssd = [0x05, 4, ...Buffer.from('BSSD')];
  expect(finder.add(Buffer.concat([pat([2176, 300]), pmt(300, [[0x06, 273, bssd]])]))).toEqual({ audio: 273 });
});

test('without a number the first service is taken', () => {
  expect(createServiceFinder(undefined).add(Buffer.concat([pat([5, 50]), pmt(50, [[0x0f, 51]])]))).toEqual({
    audio: 51,
  });
});

test('tables over several packets, and packets cut anywhere after noise, are put together', () => {
  const many = Array.from({ length: 60 }, (_, index): Stream => [0x06, 400 + index]);
  const stream = Buffer.concat([Buffer.from([1, 2, 3]), pat([7, 70]), pmt(70, [...many, [0x02, 71]], [9, 2, 1, 1])]);
  const finder = createServiceFinder(7);
  const found = [];
  for (let at = 0; at < stream.length; at += 100) found.push(finder.add(stream.subarray(at, at + 100)));
  expect(found.at(-1)).toEqual({ video: 71 });
});

test('random bytes are no tables and throw nothing', () => {
  const finder = createServiceFinder(1);
  finder.add(pat([1, 100]));
  finder.add(packets(100, [2, 0xb0, 5, 0, 1, 0xc1, 0, 0]));
  let seed = 7;
  const noise = Buffer.alloc(188 * 2000);
  for (let i = 0; i < noise.length; i++) {
    seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff;
    noise[i] = i % 188 === 0 ? 0x47 : seed >> 16;
  }
  finder.add(noise);
});
