/**
 * Run as a process of its own: starts every upstream of `agent/upstreams/index.ts` at the URLs given, stops each when it is in
 * the state that is named first, and says so. It has to end by itself: a timer or socket left open would keep it.
 */
import { upstreams } from '../../agent/upstreams/index.ts';
import { until } from './until.ts';
import { createUpstreamBox, quiet } from './upstream-box.ts';

const [state, mqttUrl = '', socketUrl = '', heartbeatUrl = ''] = process.argv.slice(2);
const box = { id: 'b0c5', mac: '00:1A:79:00:B0:C5', groups: [] };
const deps = { box, log: quiet, now: Date.now };
const token = 'let-me-in';
const all = [
  await upstreams.mqtt({ url: mqttUrl }, deps),
  await upstreams.websocket({ url: socketUrl, token }, deps),
  await upstreams.heartbeat({ url: heartbeatUrl, token }, deps),
];
for (const upstream of all) createUpstreamBox(() => upstream, box);
for (const upstream of all) {
  await until(() => upstream.status().state === state, `${upstream.name} to be ${state}`);
  await upstream.stop();
}
console.log(all.map((upstream) => `${upstream.name} ${upstream.status().state}`).join(', '));
