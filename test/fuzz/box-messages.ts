/** What a hostile box sends to the headend. */
import fc from 'fast-check';
import { finalStates, reportStates } from '../../agent/protocol/messages.ts';
import { hostileJson, objectText } from './hostile-json.ts';
import { byteMutations, type Fields, fieldMutations } from './mutation.ts';

const id = fc.stringMatching(/^[0-9a-f]{24}$/);
const words = fc.string({ maxLength: 40 });
const at = fc.oneof(fc.constant('2026-11-21T12:00:00.000Z'), words);

/** Messages as the protocol has them; the reports are about `actions`, or about some that never were. */
function good(actions: readonly string[]): fc.Arbitrary<object> {
  const v = fc.constant(1);
  const report = fc.record(
    {
      ...{ v, kind: fc.constant('report'), report: id, at },
      id: fc.oneof(fc.constantFrom(...actions), id, fc.constant(null)),
      state: fc.oneof(fc.constantFrom(...reportStates), fc.constantFrom(...finalStates)),
      type: fc.constantFrom('VOLUME', 'MESSAGE', 'DANCE'),
      attempt: fc.nat(),
      result: fc.dictionary(words, fc.jsonValue({ maxDepth: 2 }), { maxKeys: 4 }),
      error: fc.record({ code: words, message: words, retryable: fc.boolean() }),
      progress: fc.record({ percent: fc.double(), phase: words }, { requiredKeys: [] }),
    },
    { requiredKeys: ['v', 'kind', 'report', 'id', 'state', 'at'] },
  );
  const hello = fc.record(
    {
      ...{ v, kind: fc.constant('hello'), box: id, mac: words, agent: words, bootId: words },
      ...{ model: words, firmware: words, faults: fc.array(words, { maxLength: 3 }) },
      ...{ types: fc.array(words, { maxLength: 3 }), capabilities: fc.array(words, { maxLength: 3 }) },
    },
    { requiredKeys: ['v', 'kind', 'box', 'mac', 'agent', 'bootId', 'types', 'capabilities'] },
  );
  const figure = fc.oneof(fc.double(), fc.integer());
  const telemetry = fc.record(
    {
      ...{ v, kind: fc.constant('telemetry'), at, cpuPercent: figure, freeMemoryPercent: figure, volume: figure },
      ...{ uptimeSeconds: figure, temperature: figure, freeDiskBytes: figure, power: fc.constantFrom('on', 'standby') },
      playing: fc.constantFrom(null, { kind: 'channel', id: 'x', name: 'y', number: 1e9 }),
      queue: fc.record({ waiting: figure, running: figure, unreported: figure }),
    },
    { requiredKeys: ['v', 'kind', 'at'] },
  );
  return fc.oneof(
    { weight: 4, arbitrary: report },
    { weight: 1, arbitrary: hello },
    { weight: 1, arbitrary: telemetry },
  );
}

/** One message, as bytes: good, spoilt, or nothing of the kind. */
export function boxMessage(actions: readonly string[]): fc.Arbitrary<Buffer> {
  const fields = good(actions).map(
    (message): Fields =>
      Object.entries(message).map(([key, value]) => [JSON.stringify(key), JSON.stringify(value) ?? 'null']),
  );
  const bytes = fields.map((whole) => Buffer.from(objectText(whole)));
  return fc.oneof(
    { weight: 4, arbitrary: bytes },
    {
      weight: 4,
      arbitrary: fc.tuple(fields, fieldMutations).map(([whole, change]) => Buffer.from(objectText(change(whole)))),
    },
    { weight: 3, arbitrary: fc.tuple(bytes, byteMutations).map(([whole, spoil]) => spoil(whole)) },
    { weight: 1, arbitrary: hostileJson.map((text) => Buffer.from(text)) },
  );
}
