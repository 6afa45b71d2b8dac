/** Line-ups as large as a package may be. */
import type { TestHeadend } from './headend.ts';

/** Makes `count` channels and a package with all of them, received in all three ways; resolves with their ids. */
export async function makeLargePackage(
  head: Pick<TestHeadend, 'call' | 'demo'>,
  count = 1_000,
): Promise<{ package: string; channels: string[] }> {
  const token = head.demo.users.admin.token;
  const post = async (path: string, body: object) => {
    const answer = await head.call(token, path, { body });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const channels: string[] = [];
  for (let number = 1; number <= count; number++) {
    const { _id } = await post('/iptv/channel', {
      number: 1_000 + number,
      name: `Channel ${number}`,
      baseChannel: `http://stream.example/channels/${number}/index.m3u8`,
      locals: [`udp://239.1.${number >> 8}.${number & 255}:5000`],
      dvb: { freq: 218_000 + (number >> 4), id: `C_${number}`, type: 'C', mod: '256QAM', symrate: 6875, prog: number },
    });
    channels.push(_id);
  }
  const types = ['BASE', 'DVB', 'LOCAL'];
  const listed = channels.map((_id, index) => ({ _id, type: types[index % types.length] }));
  const { _id } = await post('/iptv/package', { name: 'Everything', channels: listed });
  return { package: _id, channels };
}
