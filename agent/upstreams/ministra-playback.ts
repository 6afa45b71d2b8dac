/** What the portal is told about what is on; pure. */
import type { Playing } from '../protocol/messages.ts';
import type { Params } from './ministra-request.ts';

/** The place codes of the portal's page. */
const places = { channel: 1, video: 2, radio: 5 } as const;

/** `cur_play_type` of a poll: where the viewer is; 0 for nothing. */
export function placeOf(playing: Playing | null): number {
  return playing === null ? 0 : places[playing.kind];
}

/** The parameters of `stb log` after a change: what began to play, or that nothing is on any more. */
export function logParams(playing: Playing | null): Params {
  if (playing === null) return { real_action: 'stop', param: '', tmp_type: 0 };
  const isChannel = playing.kind === 'channel';
  return {
    real_action: 'play',
    param: playing.url ?? playing.name ?? '',
    tmp_type: places[playing.kind],
    ch_id: isChannel ? playing.id : undefined,
    content_id: isChannel ? undefined : (playing.id ?? 0),
  };
}

/** Whether two are the same for the portal. */
export function isSame(one: Playing | null, other: Playing | null): boolean {
  return one?.kind === other?.kind && one?.id === other?.id && one?.url === other?.url;
}
