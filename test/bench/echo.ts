/** The floor of a round trip: a process that sends back what it gets, over the same libraries. Arguments: the kind and the URL. */
import { Agent, request } from 'node:http';
import mqtt from 'mqtt';
import WebSocket from 'ws';
import { topics } from '../../agent/protocol/topics.ts';
import { box } from './agent.ts';
import { withoutDelay } from './peers.ts';

const [kind = '', url = ''] = process.argv.slice(2);
const echoes: Record<string, () => void> = { mqtt: echoMqtt, websocket: echoWebSocket, heartbeat: echoPoll };
echoes[kind]?.();

function echoMqtt(): void {
  const client = mqtt.connect(url, { protocolVersion: 4 });
  client.on('connect', () => {
    withoutDelay(client);
    client.subscribe(topics.actions(box.id), { qos: 1 });
  });
  client.on('message', (_topic, payload) => client.publish(topics.reports(box.id), payload, { qos: 1 }));
}

function echoWebSocket(): void {
  const socket = new WebSocket(url, 'stb.v1', { perMessageDeflate: false });
  socket.on('message', (data) => socket.send(data as Buffer, { binary: false }));
}

async function echoPoll(): Promise<void> {
  const agent = new Agent({ keepAlive: true });
  for (;;) {
    const { actions } = JSON.parse(await post(agent, '/iptv/app/heartbeat', '{}')) as { actions: object[] };
    for (const action of actions) void post(agent, '/stb/v1/reports', JSON.stringify(action));
  }
}

function post(agent: Agent, path: string, body: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', prefer: 'wait=25' };
    const outgoing = request(url + path, { method: 'POST', agent, headers }, (incoming) => {
      let text = '';
      incoming.setEncoding('utf8').on('data', (piece: string) => {
        text += piece;
      });
      incoming.on('end', () => resolve(text));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
