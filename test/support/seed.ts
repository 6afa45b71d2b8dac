/** The seed of this run: `STB_TEST_SEED`, or another one each time. Print it, so that a run can be repeated. */
export function testSeed(): number {
  const given = Number(process.env.STB_TEST_SEED);
  return Number.isInteger(given) && given > 0 ? given : 1 + Math.floor(Math.random() * 2 ** 31);
}

/** Whole numbers from 0 to below a bound, the same for the same seed (xorshift32; Marsaglia 2003). */
export function createRandom(seed: number): (below: number) => number {
  let state = seed | 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
