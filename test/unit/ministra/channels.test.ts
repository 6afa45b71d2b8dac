import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { lineupSchema } from '../../../agent/protocol/lineup.ts';
import { createChannels, lineupOf } from '../../../agent/upstreams/ministra-channels.ts';
import { isSame, logParams, placeOf } from '../../../agent/upstreams/ministra-playback.ts';

const calm = new AbortController().signal;
const usual = { use_http_tmp_link: 0, use_load_balancing: '0' };

describe('the line-up of a portal', () => {
  test('has the address behind the name of the player, numbers as numbers', () => {
    const rows = [
      { ...usual, id: '1', number: '1', name: 'First', cmd: 'rtp rtp://239.1.1.1:1234' },
      { ...usual, id: 2, number: 2, name: 'Second', cmd: 'http://a/2.m3u8' },
      { ...usual, id: '3', number: '3', name: 'Third', cmd: 'ffrt http:///ch/3_', use_http_tmp_link: '1' },
    ];
    const lineup = lineupOf(rows);
    expect(lineup.channels.map(({ id, number, url }) => [id, number, url])).toEqual([
      ['1', 1, 'rtp://239.1.1.1:1234'],
      ['2', 2, 'http://a/2.m3u8'],
      ['3', 3, 'ministra-link:ffrt http:///ch/3_'],
    ]);
    expect(v.is(lineupSchema, lineup)).toBe(true);
  });

  test('leaves out what cannot be played, and takes nothing for a list that is none', () => {
    const rows = [
      null,
      7,
      {},
      { id: '1', number: 'x', cmd: 'http://a/' },
      { id: '../x', number: 1, cmd: 'http://a/' },
      { id: '1', number: 1, cmd: '' },
    ];
    expect(lineupOf(rows)).toEqual({ channels: [], radio: [] });
    expect(lineupOf(undefined)).toEqual({ channels: [], radio: [] });
    expect(lineupOf('no')).toEqual({ channels: [], radio: [] });
  });
});

describe('an address that is good once', () => {
  const asked: unknown[] = [];
  const answering = (js: unknown) => createChannels(async (action, params) => asked.push([action, params]) && js);

  test('is asked for when it is played', async () => {
    const channels = answering({ cmd: 'ffrt http://a/once', error: '' });
    expect(await channels.addressOf('ministra-link:ffrt http:///ch/3_', calm)).toBe('http://a/once');
    expect(asked.at(-1)).toEqual(['itv create_link', expect.objectContaining({ cmd: 'ffrt http:///ch/3_' })]);
    expect(await channels.addressOf('http://a/plain', calm)).toBe('http://a/plain');
    expect(asked).toHaveLength(1);
  });

  test.each(['link_fault', 'nothing_to_play', 'limit', 'other'])(
    'that the portal refuses with %s is said',
    async (error) => {
      await expect(answering({ cmd: '', error }).addressOf('ministra-link:x', calm)).rejects.toThrow(error);
    },
  );

  test('a radio channel is one of the number that was asked for, never another', async () => {
    const row = { id: '5', number: '2', name: 'Skyline', cmd: 'http://a/r' };
    expect(await answering({ data: [row] }).radioByNumber(2, calm)).toMatchObject({ id: '5', url: 'http://a/r' });
    expect(await answering({ data: [row] }).radioByNumber(3, calm)).toBeUndefined();
    expect(await answering({ data: [] }).radioByNumber(2, calm)).toBeUndefined();
  });
});

test('what is on is told in the words of the portal', () => {
  const channel = { kind: 'channel', id: '37', url: 'http://a/ten', name: 'Ten' } as const;
  const video = { kind: 'video', url: 'http://a/v' } as const;
  expect([null, channel, video, { kind: 'radio' } as const].map(placeOf)).toEqual([0, 1, 2, 5]);
  expect(logParams(channel)).toEqual({
    real_action: 'play',
    param: 'http://a/ten',
    tmp_type: 1,
    ch_id: '37',
    content_id: undefined,
  });
  expect(logParams(video)).toMatchObject({ real_action: 'play', tmp_type: 2, content_id: 0 });
  expect(logParams(null)).toMatchObject({ real_action: 'stop' });
  expect(isSame(channel, { ...channel })).toBe(true);
  expect(isSame(channel, video)).toBe(false);
  expect(isSame(null, null)).toBe(true);
});
