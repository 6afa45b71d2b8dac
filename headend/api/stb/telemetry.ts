import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { telemetrySchema } from '../../../agent/protocol/messages.ts';
import { invalid } from '../../errors.ts';
import { headendLimits } from '../../limits.ts';
import { type FigureName, figureNames, type Gathered } from '../../store/telemetry-figures.ts';
import type { ApiContext } from '../context.ts';
import { describe } from '../openapi.ts';
import { instant, looseId, pagingEntries, read, wholeNumber } from '../read.ts';
import { visibleBox } from './boxes.ts';
import { listOf } from './views.ts';

const params = v.object({ id: looseId });
const spanEntries = { from: v.optional(instant), to: v.optional(instant) };
const listQuery = v.object({ ...spanEntries, ...pagingEntries });

const { telemetryPoints, telemetrySpanMs } = headendLimits;
const historyQuery = v.object({
  from: v.optional(v.pipe(instant, v.description('By default a day before `to`.'))),
  to: v.optional(v.pipe(instant, v.description('By default now.'))),
  points: v.optional(v.pipe(wholeNumber, v.minValue(1), v.maxValue(telemetryPoints.most)), telemetryPoints.default),
});
const figure = v.object({ least: v.number(), mean: v.number(), most: v.number() });
const partView = v.object({
  at: v.pipe(v.string(), v.description('When the newest of its reports came.')),
  reports: v.number(),
  ...(Object.fromEntries(figureNames.map((name) => [name, v.optional(figure)])) as Record<
    FigureName,
    v.OptionalSchema<typeof figure, undefined>
  >),
});

/** `/stb/v1/boxes/{id}/telemetry`: what a box said of how it is, report by report, and gathered for a plot. */
export function telemetryRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  app.get(
    '/stb/v1/boxes/:id/telemetry',
    describe({
      tag: 'Fleet',
      summary: 'What a box said about how it is, newest first',
      params,
      query: listQuery,
      answer: listOf(v.object({ ...telemetrySchema.entries, receivedAt: v.string() })),
      errors: [403, 404, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      const { offset, limit, ...span } = read(listQuery, request.query);
      const box = visibleBox(fleet, user, read(params, request.params).id);
      const found = fleet.store.telemetry.list(box.id, span, { offset, limit });
      const items = found.items.map((item) => ({ ...item, receivedAt: new Date(item.receivedAt).toISOString() }));
      return { offset, limit, total: found.total, items };
    },
  );

  app.get(
    '/stb/v1/boxes/:id/telemetry/history',
    describe({
      tag: 'Fleet',
      summary: 'The same for a plot: the span in equal parts, oldest first',
      description:
        'Parts in which nothing came are left out. Of what is no longer kept report by report there is a part for each hour.',
      params,
      query: historyQuery,
      answer: v.object({ from: v.string(), to: v.string(), items: v.array(partView) }),
      errors: [403, 404, 422],
    }),
    async (request) => {
      const user = authentication.user(request);
      const { to = Date.now(), from = to - telemetrySpanMs, points } = read(historyQuery, request.query);
      if (from >= to) throw invalid('from', 'Expected a time before `to`');
      const box = visibleBox(fleet, user, read(params, request.params).id);
      const items = fleet.store.telemetry.parts(box.id, { from, to }, points).map(viewPart);
      return { from: new Date(from).toISOString(), to: new Date(to).toISOString(), items };
    },
  );
}

function viewPart({ reports, last, figures }: Gathered): v.InferOutput<typeof partView> {
  const said = Object.entries(figures).map(([name, [count, sum, least, most]]) => {
    return [name, { least, mean: sum / count, most }] as const;
  });
  return { at: new Date(last).toISOString(), reports, ...Object.fromEntries(said) };
}
