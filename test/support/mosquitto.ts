import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { freePort } from './free-port.ts';
import { temporaryDirectory } from './temporary.ts';
import { need } from './tools.ts';
import { until } from './until.ts';

/** A Mosquitto of its own, with a store that survives its restarts. */
export interface Mosquitto {
  readonly port: number;
  /** The port of the second listener, where there is one. */
  readonly secondPort: number;
  start(): Promise<void>;
  /** SIGTERM writes the store; SIGKILL does not. */
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/**
 * `settings` are lines of mosquitto.conf for the whole broker; `second` those of another listener beside the plain one, which is
 * always there, because 2.0.11 does not start with a listener for WebSockets alone.
 */
export async function startMosquitto(settings: string[] = [], second?: string[]): Promise<Mosquitto> {
  const program = need('mosquitto', 'mosquitto');
  const directory = temporaryDirectory();
  const [port, secondPort] = [await freePort(), await freePort()];
  const file = join(directory, 'mosquitto.conf');
  const lines = [
    // Started by root, it would otherwise become a user that may not write here.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
    ...(settings.includes('allow_anonymous false') ? [] : ['allow_anonymous true']),
    ...(settings.includes('persistence false') ? [] : ['persistence true']),
    `persistence_location ${directory}/`,
    'set_tcp_nodelay true',
    'max_queued_messages 0',
    ...settings,
    `listener ${port} 127.0.0.1`,
    ...(second ? [`listener ${secondPort} 127.0.0.1`, ...second] : []),
  ];
  writeFileSync(file, `${lines.join('\n')}\n`);
  let broker: ChildProcess | undefined;

  async function start() {
    const child = spawn(program, ['-c', file], { stdio: 'ignore' });
    broker = child;
    for (const each of second ? [port, secondPort] : [port]) {
      await until(() => isListening(each), `mosquitto on port ${each}`);
    }
  }
  async function stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM') {
    const child = broker;
    broker = undefined;
    if (!child || child.exitCode !== null) return;
    child.kill(signal);
    await once(child, 'exit');
  }
  onTestFinished(() => stop('SIGKILL'));
  await start();
  return { port, secondPort, start, stop };
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.on('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
