import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openPipeline } from '../../support/pipeline.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

test('what is refused is remembered without its parameters, so that refusals do not fill the disk', async () => {
  const directory = temporaryDirectory();
  const bench = await openPipeline({ directory, actions: {} });
  bench.connect();
  const params = { message: 'x'.repeat(100_000) };
  const flood = Array.from({ length: 50 }, (_, index) => ({
    v: 1,
    kind: 'action',
    id: `a${index}`,
    type: 'NONE',
    params,
  }));
  await Promise.all(flood.map((message) => bench.receive(message)));
  await bench.clock.advance(100);
  expect(bench.reports('a49')[0]).toMatchObject({ state: 'refused', error: { code: 'UNKNOWN_TYPE' } });
  const bytes = readdirSync(directory).reduce((sum, name) => sum + statSync(join(directory, name)).size, 0);
  expect(bytes).toBeLessThan(1_000_000);
});
