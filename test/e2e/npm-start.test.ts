/** What `npm start` starts: the headend and three boxes as processes of their own, ready to be tried, and gone with Ctrl-C. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { openHeadendApi } from '../support/headend-api.ts';
import { startProgram } from '../support/program.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { openTv } from '../support/tv.ts';
import { until } from '../support/until.ts';

const boxes = 3;

test('three boxes are online, their remote controls find channels, and Ctrl-C leaves no process; a second start goes on with the same data', async () => {
  const data = temporaryDirectory();
  const port = await firstOf(boxes + 3);
  const mqttPort = await freePort();
  const args = ['--boxes', boxes, '--port', port, '--mqtt-port', mqttPort, '--data', data].map(String);
  for (const start of ['first', 'second']) {
    const demo = startProgram('packaging/demo/start.ts', args);
    onTestFinished(() => demo.signal('SIGKILL'));
    await demo.says('Ctrl-C ends everything.');
    const token = /ADMIN +(\S+)/.exec(demo.output())?.[1] ?? '';
    const api = openHeadendApi(`http://127.0.0.1:${port}`, token);
    const { items } = (await (await api.get('/stb/v1/boxes')).json()) as { items: { id: string; upstream: string }[] };
    expect(items.map(({ upstream }) => upstream).toSorted(), start).toEqual(['heartbeat', 'mqtt', 'websocket']);

    for (const { id } of items) {
      await until(
        async () => (await api.actionsOf(id)).every(({ state }) => state === 'done'),
        `${id} to have channels`,
      );
      expect((await api.actionsOf(id)).map(({ type }) => type).toSorted(), start).toEqual(['CHANNELS', 'DVB']);
    }
    const tv = openTv(() => `http://127.0.0.1:${port + 1}`);
    for (const key of ['NUM5', 'OK'] as const) await tv.press(key);
    await until(async () => (await tv.state()).playing?.name === 'Garden and Home', 'the channel that was keyed in');

    const children = childrenOf(demo.pid);
    expect(children.length).toBeGreaterThan(boxes);
    demo.signal('SIGINT');
    expect(await demo.ended).toEqual({ code: 0, signal: null });
    expect(children.filter(isAlive), start).toEqual([]);
  }
});

/** The first of so many free ports in a row. */
async function firstOf(count: number): Promise<number> {
  for (;;) {
    const ports: number[] = [];
    while (ports.length < count) ports.push(await freePort());
    const [first = 0] = ports;
    if (ports.every((port, index) => port === first + index)) return first;
  }
}

function childrenOf(pid: number): number[] {
  const tasks = `/proc/${pid}/task`;
  const direct = readdirSync(tasks).flatMap((task) =>
    readFileSync(join(tasks, task, 'children'), 'utf8')
      .split(' ')
      .filter(Boolean)
      .map(Number),
  );
  return direct.flatMap((child) => [child, ...childrenOf(child)]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
