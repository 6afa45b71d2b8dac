/** The upstreams, one line each. A library is loaded only when its upstream is configured. */
import type { Upstream } from '../upstream.ts';
import type { HeartbeatOptions, MinistraOptions, MqttOptions, UpstreamDeps, WebSocketOptions } from './options.ts';

export const upstreams = {
  mqtt: async (options: MqttOptions, deps: UpstreamDeps): Promise<Upstream> =>
    (await import('./mqtt.ts')).createMqttUpstream(options, deps),
  websocket: async (options: WebSocketOptions, deps: UpstreamDeps): Promise<Upstream> =>
    (await import('./websocket.ts')).createWebSocketUpstream(options, deps),
  heartbeat: async (options: HeartbeatOptions, deps: UpstreamDeps): Promise<Upstream> =>
    (await import('./heartbeat.ts')).createHeartbeatUpstream(options, deps),
  ministra: async (options: MinistraOptions, deps: UpstreamDeps): Promise<Upstream> =>
    (await import('./ministra.ts')).createMinistraUpstream(options, deps),
};
