import type { Channel } from '../store/channels.ts';
import type { Reception } from '../store/packages.ts';

type DemoChannel = Omit<Channel, 'id' | 'customer'> & { reception: Reception; only?: 'private' };

const tv = { radio: false, baseChannel: null, locals: [], dvbOnly: false, dvb: null, epgId: null, catchUp: null };

/** A DVB-C service on one of three multiplexes; the figures have the shape of Telecom X's channel. */
function dvbC(freq: number, prog: number): Record<string, string | number> {
  return { freq, id: `C_${prog}_${freq}`, type: 'C', mod: '256QAM', symrate: 6875, chBW: 8, fec: 'AUTO', prog };
}

const hls = (name: string) => `http://stream.example/${name}/index.m3u8`;

/** The channels of the demonstration: of all three kinds of reception, one that only the private customer has, and radio. */
export const demoChannels: readonly DemoChannel[] = [
  { ...tv, number: 1, name: 'Harbour One', baseChannel: hls('harbour-one'), reception: 'BASE' },
  { ...tv, number: 2, name: 'Harbour Two', baseChannel: hls('harbour-two'), reception: 'BASE' },
  { ...tv, number: 3, name: 'Northern News', baseChannel: 'udp://239.10.0.3:5000', reception: 'BASE' },
  { ...tv, number: 4, name: 'Arena Sport', baseChannel: 'udp://239.10.0.4:5000', reception: 'BASE' },
  {
    ...tv,
    number: 5,
    name: 'Garden and Home',
    baseChannel: hls('garden'),
    dvb: dvbC(218_000, 1039),
    reception: 'BASE',
  },
  { ...tv, number: 6, name: 'City Live', baseChannel: hls('city'), dvb: dvbC(218_000, 1040), reception: 'DVB' },
  { ...tv, number: 7, name: 'Classic Cinema', baseChannel: hls('cinema'), dvb: dvbC(226_000, 1101), reception: 'DVB' },
  { ...tv, number: 8, name: 'Parliament', dvbOnly: true, dvb: dvbC(226_000, 1102), reception: 'DVB' },
  { ...tv, number: 9, name: 'Weather Radar', dvbOnly: true, dvb: dvbC(234_000, 1201), reception: 'DVB' },
  {
    ...tv,
    number: 10,
    name: 'Lobby Channel',
    locals: ['udp://239.20.0.10:5000', 'http://10.0.0.10/lobby.ts'],
    reception: 'LOCAL',
  },
  { ...tv, number: 11, name: 'Conference Hall', locals: ['rtp://239.20.0.11:5004'], reception: 'LOCAL' },
  {
    ...tv,
    number: 12,
    name: 'House Camera',
    baseChannel: hls('camera'),
    locals: ['http://10.0.0.12/camera.ts'],
    reception: 'LOCAL',
  },
  { ...tv, number: 13, name: 'Family Plus', baseChannel: hls('family'), reception: 'BASE', only: 'private' },
  { ...tv, number: 101, name: 'Radio Harbour', radio: true, baseChannel: hls('radio-harbour'), reception: 'BASE' },
  { ...tv, number: 102, name: 'Radio Jazz', radio: true, baseChannel: hls('radio-jazz'), reception: 'BASE' },
  { ...tv, number: 103, name: 'Radio Talk', radio: true, baseChannel: 'udp://239.30.0.3:5000', reception: 'BASE' },
];
