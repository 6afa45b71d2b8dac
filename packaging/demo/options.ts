import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

/** What `npm start` was asked for. */
export type DemoOptions = { boxes: number; dataDir: string; port: number; mqttPort: number; help: boolean };

export const demoHelp = `Starts the headend and simulated boxes, each a process of its own.

Usage: npm start -- [--boxes N] [--data DIR] [--port P] [--mqtt-port P]

  --boxes N      how many boxes, 3 by default; they take turns in the three upstreams
  --data DIR     where everything is kept, .data by default; remove it to begin anew
  --port P       the headend's HTTP port, 8080 by default; after it come one for each box's TV page, the management host's and the debugger's
  --mqtt-port P  the embedded broker's port, 1883 by default

Ctrl-C ends everything.`;

/** Reads the arguments. Throws an Error that says what is wrong. */
export function readOptions(args: string[]): DemoOptions {
  const { values } = parseArgs({
    args,
    options: {
      boxes: { type: 'string', default: '3' },
      data: { type: 'string', default: '.data' },
      port: { type: 'string', default: '8080' },
      'mqtt-port': { type: 'string', default: '1883' },
      help: { type: 'boolean', default: false, short: 'h' },
    },
  });
  const boxes = integer('--boxes', values.boxes, 1, 100);
  const port = integer('--port', values.port, 1, 65_000);
  const mqttPort = integer('--mqtt-port', values['mqtt-port'], 1, 65_535);
  const last = port + boxes + 2;
  if (mqttPort >= port && mqttPort <= last) {
    throw new Error(
      `--mqtt-port ${mqttPort}: the headend and what belongs to it take ${port} to ${last}; choose another`,
    );
  }
  return { boxes, dataDir: resolve(values.data), port, mqttPort, help: values.help };
}

function integer(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= min && value <= max) return value;
  throw new Error(`${name} ${text}: expected a whole number from ${min} to ${max}`);
}
