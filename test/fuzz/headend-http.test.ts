import { onTestFinished, test } from 'vitest';
import type { Demo } from '../../headend/demo/demo.ts';
import { type HeadendProcess, startHeadendProcess } from '../support/headend-process.ts';
import { createRawClient } from '../support/raw-http.ts';
import { undoList } from '../support/undo.ts';
import { faultOf } from './http-answer.ts';
import { requestsFor } from './http-request.ts';
import { onTheWire } from './http-wire.ts';
import { type Operation, operationsOf } from './operations.ts';
import { residentMiB } from './process-memory.ts';
import type { Known } from './schema-values.ts';
import { announceSeed, fuzzTimeoutMs, generate, isFullRun, repeatable } from './seed.ts';

/** Requests to each call of the API, and to each page and file beside it. */
const counts = isFullRun ? { documented: 20_000, others: 2_000 } : { documented: 20, others: 5 };
const batchSize = 500;
/** Requests under way at once. */
const atOnce = 16;
/** More than that is memory running away. */
const mostMiB = 600;
/** The whole run is millions of requests, on two headends at once; in the sample one serves all. */
const lanes = isFullRun ? 2 : 1;

test('whatever comes over HTTP, the headend refuses what is wrong in the documented shape and lives', {
  timeout: fuzzTimeoutMs,
}, async () => {
  const first = undoList();
  onTestFinished(first.all);
  const headend = await startHeadendProcess({ after: first.after });
  const operations = await operationsOf(headend.url);
  announceSeed(`requests to each of ${operations.length} operations of the headend`, counts.documented);
  const waiting = [...operations.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [number, operation] = next;
      if (isFullRun) await attackAnew(operation, number);
      else await attack(headend, operation, number);
    }
  };
  await Promise.all(Array.from({ length: lanes }, work));
});

/** What one operation makes would slow the next ones down, so each has a headend of its own. */
async function attackAnew(operation: Operation, number: number): Promise<void> {
  const own = undoList();
  onTestFinished(own.all);
  await attack(await startHeadendProcess({ after: own.after }), operation, number);
  await own.all();
}

async function attack(headend: HeadendProcess, operation: Operation, number: number): Promise<void> {
  const { demo } = headend;
  const what = `${operation.method} ${operation.path}`;
  const right = operation.isForBoxes ? demo.boxes[0]! : demo.users.admin;
  const tokens = [right, ...Object.values(demo.users), ...demo.boxes].map(({ token }) => token);
  const actions = await Promise.all(demo.boxes.map(({ id }) => headend.api.act(id, 'MESSAGE', { message: what })));
  const requests = onTheWire(requestsFor(operation, knownTo(demo, actions), tokens));
  const client = createRawClient(Number(new URL(headend.url).port));
  const startedAt = performance.now();
  const count = operation.isDocumented ? counts.documented : counts.others;
  const statuses: Record<number, number> = {};
  try {
    for (let batch = 0; batch * batchSize < count; batch++) {
      await repeatable(`${what}, batch ${batch}`, async () => {
        // Its own numbers for each operation.
        const queue = generate(requests, number * 1_000 + batch, Math.min(count, batchSize));
        await Promise.all(
          Array.from({ length: atOnce }, async () => {
            for (let request = queue.pop(); request; request = queue.pop()) {
              const answer = await client.send(request);
              const fault = faultOf(request, answer);
              if (fault) throw new Error(`${fault}\nto ${request.bytes.subarray(0, 2_000).toString('latin1')}`);
              if (answer) statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
            }
          }),
        );
        await headend.api.get('/stb/v1/boxes?limit=1');
      });
    }
  } finally {
    client.close();
  }
  const { peak } = residentMiB(headend.pid());
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(`fuzz: ${what}: ${JSON.stringify(statuses)} in ${seconds} s, at most ${peak} MiB\n`);
  if (peak > mostMiB) throw new Error(`after ${what} the headend had ${peak} MiB`);
}

/** What exists at a headend with the demonstration's data, by the names of the fields that take it. */
function knownTo(demo: Demo, actions: string[]): Known {
  const boxes = demo.boxes.flatMap(({ id, mac }) => [id, mac]);
  const groups = Object.values(demo.groups);
  const channels = demo.channels.map(({ id }) => id);
  const customers = Object.values(demo.customers);
  return {
    ...{
      device: boxes,
      id: [...boxes, ...actions],
      box: boxes,
      boxes,
      devices: boxes,
      mac: demo.boxes.map(({ mac }) => mac),
    },
    ...{ group: [...groups, 'ALL', 'WORLD'], groups, channel: channels, radiochannel: channels, customer: customers },
    ...{ action: actions, reseller: customers, interval: ['0', '1'] },
  };
}
