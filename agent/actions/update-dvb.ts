import type { DvbService } from '../../platform/contract.ts';
import { defineAction } from '../action.ts';
import { compare } from '../lineup-change.ts';
import { configureTuner, servicesOf } from '../lineup-update.ts';

export const updateDvb = defineAction({
  type: 'DVB',
  summary: "Fetches the box's DVB services from the headend and configures the tuner with them.",
  result: {
    added: 'how many services are new',
    changed: 'how many are there as before, but different',
    removed: 'how many are gone',
    services: 'how many there are now',
    details: 'the `id` and `name` of those added, changed and removed; the first of each',
  },
  capabilities: ['tuner'],
  group: 'lineup',
  idempotent: true,
  deadlineMs: () => 120_000,
  async run(_params, context) {
    const before = context.lineup.services();
    const after = servicesOf(await context.headend.fetchLineup(context.signal));
    await configureTuner(after, context);
    return { ...compare(before.map(withId), after.map(withId)), services: after.length };
  },
});

function withId(service: DvbService): DvbService & { id: string } {
  return { id: service.channel, ...service };
}
