import type { FastifyInstance, FastifyRequest } from 'fastify';
import * as v from 'valibot';
import type { LineupChannel } from '../../../agent/protocol/lineup.ts';
import { ApiError, accessDenied, invalid } from '../../errors.ts';
import { nowOn } from '../../fleet/guide.ts';
import { channelsFor, streamsOf } from '../../fleet/watch.ts';
import { headendLimits } from '../../limits.ts';
import type { Box } from '../../store/boxes.ts';
import type { Channel } from '../../store/channels.ts';
import type { ApiContext } from '../context.ts';
import { looseId, read } from '../read.ts';
import type { Raw } from '../telecomx/action-parameters.ts';
import { success } from '../telecomx/documented.ts';
import { appRoute, channelNotFound, instantOf, programNotFound, textOf } from './app-route.ts';

const params = v.object({ channel: looseId });
const mode = v.optional(v.pipe(v.picklist(['DASH', 'HLS', 'ALL']), v.description('Only streams of this kind.')));
const answer = v.object({
  airplay: v.boolean(),
  pause: v.boolean(),
  forward: v.boolean(),
  backwards: v.boolean(),
  streams: v.pipe(v.array(v.string()), v.description('Take the first; the next only if it does not begin.')),
});

/** Telecom X app: channel play, start over, play from time and stop. Each notes what the device shows, until stop. */
export function playbackRoutes(app: FastifyInstance, { fleet, authentication }: ApiContext): void {
  const { store } = fleet;
  const about = { params, answer, errors: [403, 404, 422] };

  appRoute(
    app,
    {
      ...about,
      path: '/iptv/app/channel/:channel/play',
      summary: 'Channel play: the URLs of a channel',
      fields: v.object({ mode }),
    },
    (request, given) => {
      const { box, channel, watchable } = find(request);
      const streams = streamsOf(watchable).filter((url) => box.type === 'STB' || url.startsWith('http'));
      return begin(box, channel, given, { streams, isLive: true });
    },
  );

  appRoute(
    app,
    {
      ...about,
      path: '/iptv/app/channel/:channel/startover',
      summary: 'Channel start over: the current programme from its beginning',
      fields: v.object({ mode }),
    },
    (request, given) => {
      const { box, channel } = find(request);
      const programme = channel.epgId === null ? undefined : nowOn(store, channel.epgId);
      if (programme === undefined) throw programNotFound();
      return begin(box, channel, given, { streams: [past(channel, programme.start, programme.end)], isLive: false });
    },
  );

  appRoute(
    app,
    {
      ...about,
      path: '/iptv/app/channel/:channel/playfromtime',
      summary: 'Channel play from time',
      fields: v.object({ start: v.string(), end: v.optional(v.string()), mode }),
    },
    (request, given) => {
      const { box, channel } = find(request);
      const start = instantOf(given, 'start');
      if (start === undefined || start > Date.now()) throw invalid('start', 'Start is missing or invalid');
      const end = instantOf(given, 'end') ?? start + headendLimits.playFromTimeMs;
      if (end <= start) throw invalid('end', 'End is invalid');
      return begin(box, channel, given, { streams: [past(channel, start, end)], isLive: false });
    },
  );

  appRoute(
    app,
    {
      path: '/iptv/app/channel/:channel/stop',
      summary: 'Channel stop: playback has ended',
      params,
      answer: success,
      errors: [403, 404],
    },
    (request) => {
      const box = authentication.box(request);
      const id = read(params, request.params).channel;
      if (visible(box, id) === undefined) throw channelNotFound();
      const { playing: _, ...facts } = store.appDevices.get(box.id).facts;
      store.appDevices.change(box.id, { facts });
      return { success: true };
    },
  );

  function visible(box: Box, id: string): Channel | undefined {
    const channel = store.channels.get(id);
    return channel?.customer === null || channel?.customer === box.customer ? channel : undefined;
  }

  /** Throws 404 for a channel that the customer does not have, 403 for one that the device has not bought. */
  function find(request: FastifyRequest): { box: Box; channel: Channel; watchable: LineupChannel } {
    const box = authentication.box(request);
    const channel = visible(box, read(params, request.params).channel);
    if (channel === undefined || channel.radio) throw channelNotFound();
    const watchable = channelsFor(store, box).find(({ id }) => id === channel.id);
    if (watchable === undefined) throw accessDenied();
    return { box, channel, watchable };
  }

  function begin(box: Box, channel: Channel, given: Raw, { streams, isLive }: { streams: string[]; isLive: boolean }) {
    const asked = textOf(given, 'mode');
    const suffix = { DASH: '.mpd', HLS: '.m3u8', ALL: '' }[asked ?? 'ALL'];
    if (suffix === undefined) throw invalid('mode', 'Mode is invalid');
    const wanted = streams.filter((url) => (URL.parse(url)?.pathname ?? url).endsWith(suffix));
    const { facts } = store.appDevices.get(box.id);
    const playing = { channel: channel.id, name: channel.name, since: new Date().toISOString() };
    store.appDevices.change(box.id, { facts: { ...facts, playing } });
    const canSeek = !isLive;
    return {
      airplay: true,
      pause: channel.catchUp !== null,
      forward: canSeek,
      backwards: channel.catchUp !== null,
      streams: wanted,
    };
  }
}

/** The address of what a channel broadcast. Throws 404 where nothing is kept of it. */
function past(channel: Channel, start: number, end: number): string {
  if (channel.catchUp === null) throw new ApiError(404, 'archive', 'The channel keeps nothing of what it broadcast');
  const seconds = (ms: number) => String(Math.floor(ms / 1000));
  return channel.catchUp.replaceAll('{start}', seconds(start)).replaceAll('{end}', seconds(end));
}
