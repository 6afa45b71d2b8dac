import type { FastifyInstance } from 'fastify';
import * as v from 'valibot';
import { invalid } from '../../errors.ts';
import { nowOn } from '../../fleet/guide.ts';
import { channelsFor, programmesFor } from '../../fleet/watch.ts';
import { headendLimits } from '../../limits.ts';
import type { Box } from '../../store/boxes.ts';
import type { Programme } from '../../store/programmes.ts';
import type { ApiContext } from '../context.ts';
import { looseId, read } from '../read.ts';
import { appRoute, channelNotFound, programNotFound } from './app-route.ts';
import { fullProgramme, viewFull } from './programme-view.ts';

const params = v.object({ program: v.pipe(v.string(), v.maxLength(200)) });
const channelParams = v.object({ channel: looseId });
const many = v.object({ ids: v.array(v.string()) });

/** Telecom X app: EPG, EPG now, multi EPG. A device sees the programmes of the channels that it has. */
export function guideRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { store } = fleet;

  appRoute(
    app,
    {
      path: '/iptv/app/epg/:program',
      summary: 'EPG: one programme in full',
      params,
      answer: fullProgramme,
      errors: [403, 404],
    },
    (request) => {
      const box = authentication.box(request);
      const programme = programmesFor(store, box)(read(params, request.params).program);
      if (programme === undefined) throw programNotFound();
      return view(box, programme);
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/epgnow/:channel',
      summary: 'EPG now: what is on a channel',
      params: channelParams,
      answer: fullProgramme,
      errors: [403, 404],
    },
    (request) => {
      const box = authentication.box(request);
      const id = read(channelParams, request.params).channel;
      if (!channelsFor(store, box).some((channel) => channel.id === id)) throw channelNotFound();
      const epgId = store.channels.get(id)?.epgId ?? null;
      const programme = epgId === null ? undefined : nowOn(store, epgId);
      if (programme === undefined) throw programNotFound();
      return view(box, programme);
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/multiepg',
      summary: 'Multi EPG: several programmes; those that are not there are left out',
      fields: many,
      answer: v.array(fullProgramme),
      errors: [403, 422],
    },
    (request, given) => {
      const box = authentication.box(request);
      const ids = readIds(given.ids);
      const find = programmesFor(store, box);
      return ids
        .map(find)
        .filter((one) => one !== undefined)
        .map((programme) => view(box, programme));
    },
  );

  function view(box: Box, programme: Programme) {
    return viewFull(programme, store.appDevices.position(box.id, programme.id));
  }
}

/** The ids, as a JSON array or a comma list. */
function readIds(given: unknown): string[] {
  const list = typeof given === 'string' && given !== '' ? given.split(',') : given;
  const isGood = Array.isArray(list) && list.length <= headendLimits.programmesPerRequest;
  if (!isGood || !list.every((id) => typeof id === 'string')) throw invalid('ids', 'Ids is missing or invalid');
  return list;
}
