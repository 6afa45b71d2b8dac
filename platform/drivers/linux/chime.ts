/** The attention sound, as the bytes of a WAV file: two tones, the second a fifth lower, each dying away. */
export const sampleRate = 48_000;
const tones = [
  { hertz: 880, atMs: 0 },
  { hertz: 587.33, atMs: 180 },
];
const lengthMs = 700;
const loudness = 0.4;

export function createChime(): Uint8Array {
  const samples = Buffer.alloc(Math.round((sampleRate * lengthMs) / 1000) * 2);
  for (let at = 0; at < samples.length / 2; at++) {
    const ms = (at / sampleRate) * 1000;
    samples.writeInt16LE(Math.round(32_767 * loudness * Math.max(-1, Math.min(1, amplitude(ms)))), at * 2);
  }
  return waveFile(samples);
}

/** What all tones add up to: each with its octave, an attack of 5 ms, and a decay to a third in 120 ms. */
function amplitude(ms: number): number {
  return tones.reduce((sum, { hertz, atMs }) => {
    const since = ms - atMs;
    if (since < 0) return sum;
    const turn = 2 * Math.PI * hertz * (since / 1000);
    const envelope = Math.min(1, since / 5) * Math.exp(-since / 110);
    return sum + envelope * (0.75 * Math.sin(turn) + 0.25 * Math.sin(2 * turn));
  }, 0);
}

/** Samples of 16 bits, 48,000 a second, one channel, as a WAV file (Microsoft, Multimedia Programming Interface 1.0). */
export function waveFile(samples: Buffer): Buffer {
  const header = Buffer.alloc(44);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(36 + samples.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(sampleRate, 24);
  header.writeUInt32LE(sampleRate * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write('data', 36, 'latin1');
  header.writeUInt32LE(samples.length, 40);
  return Buffer.concat([header, samples]);
}
