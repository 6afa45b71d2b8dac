import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import type { LineupChannel } from '../../../agent/protocol/lineup.ts';
import { invalid } from '../../errors.ts';
import { type GuideMode, guideModes, guideOf } from '../../fleet/guide.ts';
import { channelsFor } from '../../fleet/watch.ts';
import { headendLimits } from '../../limits.ts';
import type { Store } from '../../store/store.ts';
import type { ApiContext } from '../context.ts';
import type { Raw } from '../telecomx/action-parameters.ts';
import { appRoute, countOf, instantOf, isTrue, textOf } from './app-route.ts';
import { briefProgramme, fullProgramme, viewBrief, viewFull } from './programme-view.ts';

const fields = v.object({
  epgMode: v.optional(v.pipe(v.picklist(guideModes), v.description('How much of the guide; NOW by default.'))),
  epgFull: v.optional(v.boolean()),
  from: v.optional(v.pipe(v.string(), v.description('PERIOD: the beginning, today by default.'))),
  to: v.optional(v.pipe(v.string(), v.description('PERIOD: the end, a day after the beginning by default.'))),
  offset: v.optional(v.number()),
  limit: v.optional(v.number()),
  channel: v.optional(v.pipe(v.string(), v.description('Id of a channel, or a comma list.'))),
  paging: v.optional(v.boolean()),
  nofill: v.optional(v.pipe(v.boolean(), v.description('No dummy programmes for channels without a guide.'))),
});
const channelView = v.object({
  _id: v.string(),
  number: v.number(),
  name: v.string(),
  type: v.pipe(v.string(), v.description('How it is received: BASE, DVB or LOCAL.')),
  archive: v.boolean(),
  logo: v.optional(v.string()),
  epg: v.array(v.union([briefProgramme, fullProgramme])),
});
const hourMs = 3600 * 1000;

/** Telecom X app: channel list, with the programmes of now and next. */
export function channelListRoute(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  appRoute(
    app,
    {
      path: '/iptv/app/channel',
      summary: 'Channel list with its guide',
      fields,
      answer: v.union([
        v.array(channelView),
        v.object({ offset: v.number(), limit: v.number(), total: v.number(), channels: v.array(channelView) }),
      ]),
      errors: [403, 422],
    },
    (request, given) => {
      const box = authentication.box(request);
      const wanted = textOf(given, 'channel', 20_000)?.toLowerCase().split(',');
      const all = channelsFor(fleet.store, box).filter(({ id }) => wanted?.includes(id) ?? true);
      const offset = countOf(given, 'offset', { min: 0, max: 100_000, fallback: 0 });
      const limit = countOf(given, 'limit', { min: 1, max: 100_000, fallback: Math.max(1, all.length) });
      const guide = readGuide(given);
      const channels = all.slice(offset, offset + limit).map((channel) => view(fleet.store, channel, guide));
      return isTrue(given.paging) ? { offset, limit, total: all.length, channels } : channels;
    },
  );
}

type Guide = { mode: GuideMode; from: number | undefined; to: number | undefined; full: boolean; fill: boolean };

function readGuide(given: Raw): Guide {
  const asked = textOf(given, 'epgMode') ?? 'NOW';
  const mode = guideModes.find((one) => one === asked);
  if (mode === undefined) throw invalid('epgMode', 'EpgMode is invalid');
  const from = instantOf(given, 'from');
  const to = instantOf(given, 'to');
  if (from !== undefined && to !== undefined && to <= from) throw invalid('to', 'To is invalid');
  return { mode, from, to, full: isTrue(given.epgFull), fill: !isTrue(given.nofill) };
}

function view(store: Store, channel: LineupChannel, guide: Guide): v.InferOutput<typeof channelView> {
  const { id, number, name, reception } = channel;
  const known = store.channels.get(id);
  const programmes = known?.epgId == null ? [] : guideOf(store, known.epgId, guide);
  const shown = programmes.map((one) => (guide.full ? viewFull(one, undefined) : viewBrief(one)));
  const isFilled = shown.length === 0 && guide.fill && guide.mode !== 'NONE';
  return {
    _id: id,
    number,
    name,
    type: reception,
    archive: known?.catchUp != null,
    ...(store.pictures.has(id) ? { logo: `/iptv/channel/${id}/logo` } : {}),
    epg: isFilled ? [dummyProgramme(id, name)] : shown,
  };
}

/** What stands in the list of a channel of which no programme is known. */
function dummyProgramme(channel: string, name: string): v.InferOutput<typeof briefProgramme> {
  const start = Math.floor(Date.now() / hourMs) * hourMs;
  const end = start + headendLimits.dummyProgrammeHours * hourMs;
  return viewBrief({ id: `none_${channel}`, epgId: '', start, end, title: name });
}
