import { expect, test } from 'vitest';
import { playChannel } from '../../agent/actions/play-channel.ts';
import { playRadioChannel } from '../../agent/actions/play-radio-channel.ts';
import type { Lineup, LineupChannel } from '../../agent/protocol/lineup.ts';
import type { Player } from '../../platform/contract.ts';
import { createContext, lineupOf, openTestBox, platformWith } from '../support/action-context.ts';
import { temporaryDirectory } from '../support/temporary.ts';

const works = 'udp://239.0.0.1:1234';
const fails = 'http://nowhere.invalid/stream';
const service = { channel: 'dr1', name: 'DR1', number: 1, dvb: { freq: 218_000, prog: 1039 } };

function lineupWith(channel: Omit<LineupChannel, 'id' | 'number' | 'name'>): Lineup {
  return { channels: [{ id: 'dr1', number: 1, name: 'DR1', ...channel }], radio: [] };
}

/** Plays the channel on a simulated box; with `services` its tuner is configured. */
async function play(channel: Omit<LineupChannel, 'id' | 'number' | 'name'>, services = [service]) {
  const box = await openTestBox(temporaryDirectory());
  await box.tuner?.configure(services);
  const context = createContext({ platform: box, lineup: lineupOf(lineupWith(channel)) });
  const result = playChannel.run({ channel: 'dr1' }, context);
  return { box, result };
}

test('a channel with reception BASE plays its base stream', async () => {
  const { box, result } = await play({ reception: 'BASE', url: works });
  expect(await result).toEqual({ channel: 'dr1', number: 1, name: 'DR1', reception: 'BASE', tried: [] });
  expect(box.player?.playing()).toMatchObject({ kind: 'channel', id: 'dr1', url: works, reception: 'BASE' });
});

test('a channel with reception DVB is tuned to, and the report has its signal figures', async () => {
  const { box, result } = await play({ reception: 'DVB', url: works, dvb: service.dvb });
  expect(await result).toMatchObject({ reception: 'DVB', tried: [], lock: { frequencyKhz: 218_000 } });
  expect(box.player?.playing()).toMatchObject({ id: 'dr1', reception: 'DVB' });
});

test('a channel that the tuner does not get falls back to its base stream, and says what failed', async () => {
  const { box, result } = await play({ reception: 'DVB', url: works }, []);
  expect(await result).toMatchObject({
    reception: 'BASE',
    tried: [{ reception: 'DVB', error: expect.stringContaining('not among the 0 configured services') }],
  });
  expect(box.player?.playing()).toMatchObject({ url: works, reception: 'BASE' });
});

test('a DVB channel without a base stream fails with the own error of the tuner', async () => {
  const { result } = await play({ reception: 'DVB' }, []);
  await expect(result).rejects.toMatchObject({ code: 'NO_SIGNAL', result: { tried: [{ reception: 'DVB' }] } });
});

test('a DVB channel on a box without a tuner is UNSUPPORTED, or plays from its base stream where it has one', async () => {
  const box = await openTestBox(temporaryDirectory(), { lacks: ['tuner'] });
  const only = createContext({ platform: box, lineup: lineupOf(lineupWith({ reception: 'DVB' })) });
  await expect(playChannel.run({ channel: 'dr1' }, only)).rejects.toMatchObject({
    code: 'UNSUPPORTED',
    message: expect.stringContaining('tuner'),
  });
  const both = createContext({ platform: box, lineup: lineupOf(lineupWith({ reception: 'DVB', url: works })) });
  expect(await playChannel.run({ channel: 'dr1' }, both)).toMatchObject({ reception: 'BASE' });
});

test('a channel with reception LOCAL tries the local streams in order, then the base stream', async () => {
  const second = 'http://10.0.0.2/dr1';
  const local = await play({ reception: 'LOCAL', url: works, locals: [fails, second] });
  expect(await local.result).toMatchObject({ reception: 'LOCAL', tried: [{ reception: 'LOCAL' }] });
  expect(local.box.player?.playing()).toMatchObject({ url: second, reception: 'LOCAL' });
  const base = await play({ reception: 'LOCAL', url: works, locals: [fails, fails] });
  expect(await base.result).toMatchObject({
    reception: 'BASE',
    tried: [{ reception: 'LOCAL' }, { reception: 'LOCAL' }],
  });
});

test('when every way fails it is PLAYBACK_FAILED with each of them', async () => {
  const { box, result } = await play({ reception: 'LOCAL', url: fails, locals: [fails] });
  await expect(result).rejects.toMatchObject({
    code: 'PLAYBACK_FAILED',
    message: expect.stringMatching(/^channel 1 DR1: LOCAL: .*; BASE: /),
    result: { tried: [{ reception: 'LOCAL' }, { reception: 'BASE' }] },
  });
  expect(box.player?.playing()).toBeNull();
});

test('an unknown channel is refused, and what is on stays on', async () => {
  const { box, result } = await play({ reception: 'BASE', url: works });
  await result;
  const context = createContext({ platform: box, lineup: lineupOf(lineupWith({ reception: 'BASE', url: works })) });
  await expect(playChannel.run({ channel: 'dr2' }, context)).rejects.toMatchObject({ code: 'UNKNOWN_CHANNEL' });
  expect(box.player?.playing()).toMatchObject({ id: 'dr1' });
});

test('the refusal of a channel says what is known: that the line-up was fetched, or that it is of the other kind', async () => {
  const fetched = { channels: [], radio: [{ id: 'p1', number: 101, name: 'P1', url: works }] };
  const headend = { fetchLineup: async () => fetched };
  const refusal = (channel: string) =>
    playChannel.run(
      { channel },
      createContext({ platform: platformWith({}), lineup: lineupOf({ channels: [], radio: [] }), headend }),
    );
  await expect(refusal('dr2')).rejects.toThrow(
    'dr2 is not among the 0 channels of this box, whose line-up was fetched just now: there is no such channel, or no package of the box has it now',
  );
  await expect(refusal('p1')).rejects.toThrow('p1 is not among the 0 channels of this box: it is a radio channel, P1');
});

test('a channel without any address is PLAYBACK_FAILED, not another channel', async () => {
  const { result } = await play({ reception: 'BASE' });
  await expect(result).rejects.toMatchObject({
    code: 'PLAYBACK_FAILED',
    message: expect.stringContaining('no address'),
  });
});

test('an abort ends the attempt and no other way is tried', async () => {
  const abort = new AbortController();
  let plays = 0;
  const player: Partial<Player> = {
    play(_source, signal) {
      plays += 1;
      abort.abort(new Error('over'));
      return Promise.reject(signal.reason);
    },
  };
  const lineup = lineupOf(lineupWith({ reception: 'LOCAL', url: works, locals: [works, works] }));
  const context = createContext({ platform: platformWith({ player: player as Player }), lineup, signal: abort.signal });
  await expect(playChannel.run({ channel: 'dr1' }, context)).rejects.toThrow('over');
  expect(plays).toBe(1);
});

test('a radio channel plays, and an unknown one is refused', async () => {
  const box = await openTestBox(temporaryDirectory());
  const lineup = lineupOf({ channels: [], radio: [{ id: 'p1', number: 101, name: 'P1', url: works }] });
  const context = createContext({ platform: box, lineup });
  expect(await playRadioChannel.run({ radiochannel: 'p1' }, context)).toEqual({
    radiochannel: 'p1',
    number: 101,
    name: 'P1',
  });
  expect(box.player?.playing()).toMatchObject({ kind: 'radio', id: 'p1' });
  await expect(playRadioChannel.run({ radiochannel: 'p2' }, context)).rejects.toMatchObject({
    code: 'UNKNOWN_CHANNEL',
  });
});

test('a channel the box does not have yet is fetched with the whole line-up, once, and the tuner configured', async () => {
  const box = await openTestBox(temporaryDirectory());
  const lineup = lineupOf({ channels: [], radio: [] });
  let fetched = 0;
  const fetchLineup = async () => {
    fetched += 1;
    return lineupWith({ reception: 'DVB', dvb: { freq: 218_002 } });
  };
  const context = createContext({ platform: box, lineup, headend: { fetchLineup } });
  expect(await playChannel.run({ channel: 'dr1' }, context)).toMatchObject({ channel: 'dr1', reception: 'DVB' });
  expect(await playChannel.run({ channel: 'dr1' }, context)).toMatchObject({ channel: 'dr1', reception: 'DVB' });
  expect(fetched).toBe(1);
  expect(lineup.services()).toHaveLength(1);
});
