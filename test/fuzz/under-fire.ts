import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFailed, onTestFinished } from 'vitest';
import { newId } from '../../agent/protocol/id.ts';
import { encode } from '../../agent/protocol/messages.ts';
import { createAgentProcess } from '../support/agent-process.ts';
import type { Program } from '../support/program.ts';
import { until } from '../support/until.ts';
import { createHostileBroker } from './hostile-broker.ts';
import { box, type Hear, type HostileHeadend } from './hostile-headend.ts';
import { createHostilePoll } from './hostile-poll.ts';
import { createHostileSocket } from './hostile-socket.ts';
import { createLedger } from './ledger.ts';
import { isFullRun } from './seed.ts';

/** The hostile headends, by the upstream they speak. */
export const hostileHeadends: Record<string, (hear: Hear) => Promise<HostileHeadend>> = {
  mqtt: createHostileBroker,
  websocket: createHostileSocket,
  heartbeat: createHostilePoll,
};

/** A real agent process and the hostile headend it is connected to. */
export type UnderFire = {
  readonly headend: HostileHeadend;
  readonly program: Program;
  bootId(): Promise<string>;
  /** Sends messages, and takes back those actions that would wait for their time. */
  send(messages: readonly Buffer[]): void;
  /** Resolves when a good action has been answered; throws when the agent has died or hangs. */
  answers(): Promise<void>;
  /** Resolves when every refusal has come and a good action has been answered. Throws with what the box must not have done. */
  settled(): Promise<void>;
  /** Resolves when every action has its final report. */
  allAnswered(): Promise<void>;
};

/** An agent that does not answer for so long hangs. */
const hangMs = isFullRun ? 120_000 : 60_000;
/** What was lost with a connection is sent again after so long. */
const repeatMs = 1_000;

/** Capabilities that the box is without: those actions are refused. All else it really does. */
const lacks = ['power', 'script', 'management'];

/** Starts both for the present test. */
export async function startUnderFire(createHeadend: (hear: Hear) => Promise<HostileHeadend>): Promise<UnderFire> {
  const ledger = createLedger();
  const headend = await createHeadend((message) => {
    const report = ledger.heard(message);
    if (report !== undefined) headend.deliver([encode({ v: 1, kind: 'ack', report })]);
  });
  onTestFinished(headend.close);
  const refusing = await createRefusingServer();
  onTestFinished(refusing.close);
  const config = {
    ...headend.config,
    'debug.server': refusing.host,
    'platform.simulator.lacks': lacks,
    'speedtest.seconds': 0.5,
  };
  const upstreams = { headend: { url: `http://${refusing.host}`, mqttUrl: '' }, upstreams: [] };
  const agent = createAgentProcess({ box, ...upstreams, config }, onTestFinished);
  const program = agent.launch();
  onTestFailed(() => void process.stdout.write(`the last words of the agent:\n${agent.log().slice(-4_000)}\n`));
  await program.says('agent ready');

  function send(messages: readonly Buffer[]): void {
    const waiting = messages.map(ledger.sent).filter((id) => id !== undefined);
    headend.deliver([...messages, ...waiting.map((id) => encode({ v: 1, kind: 'cancel', id }))]);
  }

  async function awaited(condition: () => unknown, what: () => string): Promise<void> {
    await until(() => !program.isAlive() || condition(), 'what the agent owes', hangMs).catch((cause) => {
      throw new Error(`the agent hangs: ${what()}`, { cause });
    });
    if (!program.isAlive()) throw new Error(`the agent died:\n${agent.log().slice(-2_000)}`);
  }

  async function answers(): Promise<void> {
    const id = newId();
    const action = encode({ v: 1, kind: 'action', id, type: 'VOLUME', params: { volume: 50 } });
    let sentAt = Number.NEGATIVE_INFINITY;
    await awaited(
      () => {
        if (performance.now() - sentAt > repeatMs) {
          send([action]);
          sentAt = performance.now();
        }
        return ledger.final(id);
      },
      () => 'a good action is not answered',
    );
    expect(ledger.final(id)?.state).toBe('done');
    ledger.forgive();
  }

  return {
    headend,
    program,
    bootId: async () => (await agent.status()).box.bootId,
    send,
    answers,
    async settled() {
      await awaited(
        () => ledger.owed().refusals <= 0,
        () => `${ledger.owed().refusals} refusals have not come`,
      );
      await answers();
      if (ledger.faults().length > 0) throw new Error(ledger.faults().join('\n'));
    },
    allAnswered: () =>
      awaited(
        async () => {
          if (ledger.owed().actions.length === 0) return true;
          // The video of a MESSAGE_VIDEO ends with whoever watches it.
          return agent.tv.press('STOP').then(() => false);
        },
        () => `no final report of ${ledger.owed().actions.join(', ')}`,
      ),
  };
}

/** An HTTP server that has nothing of what a box may fetch. */
async function createRefusingServer() {
  const server = createServer((_request, response) => response.writeHead(404).end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
