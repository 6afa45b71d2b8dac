import type { AgentsHeadend } from '../../support/agents-headend.ts';

/** The service that vidtv transmits (drivers/media/test-drivers/vidtv of the kernel): DVB-C on 474 MHz. */
export const vidtv = { freq: 474_000, id: 'C_2176_474000', type: 'C', mod: '256QAM', symrate: 6940, prog: 2176 };

/** Changes a channel of the demonstration by its name, as an operator does; resolves with its id. */
export async function setChannel({ url, demo }: AgentsHeadend, name: string, change: object): Promise<string> {
  const headers = { authorization: `Bearer ${demo.users.admin.token}`, 'content-type': 'application/json' };
  const listed = await fetch(`${url}/iptv/channel?limit=100`, { headers });
  const { channels } = (await listed.json()) as { channels: { _id: string; name: string }[] };
  const id = channels.find((channel) => channel.name === name)?._id;
  const changed = await fetch(`${url}/iptv/channel/${id}`, { method: 'POST', headers, body: JSON.stringify(change) });
  if (id !== undefined && changed.ok) return id;
  throw new Error(`changing channel ${name} at the headend: ${changed.status} ${await changed.text()}`);
}
