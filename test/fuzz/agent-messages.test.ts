import { expect, test } from 'vitest';
import { disorder, headendMessage } from './headend-messages.ts';
import { residentMiB } from './process-memory.ts';
import { announceSeed, fuzzTimeoutMs, generate, isFullRun, repeatable } from './seed.ts';
import { hostileHeadends, startUnderFire } from './under-fire.ts';

const batchSize = 100;
const batches = (isFullRun ? 20_000 : 300) / batchSize;
/** More than that is memory running away. */
const mostMiB = 600;

test.each(Object.entries(hostileHeadends))(
  'whatever comes over %s, the agent answers it and lives',
  { timeout: fuzzTimeoutMs },
  async (name, open) => {
    announceSeed(`messages to the agent over ${name}`, batches * batchSize);
    const { headend, program, bootId, send, answers, settled, allAnswered } = await startUnderFire(open);
    await answers();
    const boot = await bootId();
    for (let batch = 0; batch < batches; batch++) {
      await repeatable(`${name}, batch ${batch}`, async () => {
        const messages = generate(headendMessage, batch, batchSize);
        const [disordered] = generate(disorder, batch, 1);
        send(disordered!(messages.map((message) => (headend.carries(message) ? message : asJson(message)))));
        await settled();
      });
    }
    await repeatable(name, allAnswered);
    expect(await bootId()).toBe(boot);
    const { now, peak } = residentMiB(program.pid);
    process.stdout.write(`fuzz: ${name}: the agent has ${now} MiB, and had ${peak} MiB at most\n`);
    expect(peak).toBeLessThan(mostMiB);
  },
);

/** Bytes as a string, for an upstream that carries JSON only. */
function asJson(message: Buffer): Buffer {
  return Buffer.from(JSON.stringify(message.toString('latin1').slice(0, 2_000)));
}
