import { setTimeout as wait } from 'node:timers/promises';
import { AgentError } from '../errors.ts';
import { encode, isFinal } from '../protocol/messages.ts';
import type { Upstream, UpstreamLink } from '../upstream.ts';
import { type Attempt, createConnection, withoutCredentials } from './connection.ts';
import { createSocketPool, exchange, type SocketPool } from './exchange.ts';
import { acksIn, heartbeatBody, messagesIn } from './heartbeat-body.ts';
import { createIntake, type Intake } from './intake.ts';
import { upstreamLimits } from './limits.ts';
import { type HeartbeatOptions, type UpstreamDeps, upstreamDefaults } from './options.ts';
import { reasonOf } from './reasons.ts';
import { readTls } from './tls.ts';
import { createTurns } from './turns.ts';

/** A connection: with what requests are made, until when, and where what comes of them goes. */
type Way = { link: UpstreamLink; pool: SocketPool; signal: AbortSignal };

/** What an answered poll says: the messages in it, and whether the server was holding it until there were any. */
type Answered = { messages: Uint8Array[]; wasHeld: boolean };

/**
 * The upstream that needs nothing but HTTP: statistics out and a list of actions back, as Telecom X documents it, and each
 * report in a request of its own. With a server that holds a poll until it has something, it is as quick as the others.
 *
 * INVARIANTS
 * - An answered action is off the server's queue. One that could not be taken is kept here and offered again, and
 *   meanwhile the polls leave the queue alone.
 * - A report whose request was answered with 2xx is stored: its acknowledgement is made here.
 */
export function createHeartbeatUpstream(options: HeartbeatOptions, deps: UpstreamDeps): Upstream {
  const { log } = deps;
  const { token } = options;
  const url = withoutCredentials(options.url);
  const reportsUrl = under(url, 'stb/v1/reports');
  const heartbeatUrl = under(url, 'iptv/app/heartbeat');
  const intervalMs = (options.intervalSeconds ?? upstreamDefaults.heartbeat.intervalSeconds) * 1000;
  const longPollSeconds = options.longPollSeconds ?? upstreamDefaults.heartbeat.longPollSeconds;
  const timeoutMs = (options.timeoutSeconds ?? upstreamDefaults.heartbeat.timeoutSeconds) * 1000;
  const inTurn = createTurns(upstreamLimits.requests, upstreamLimits.outgoing);
  const stopping = new AbortController();
  /** Outlives connections: nobody else has what it holds. */
  let intake: Intake | undefined;
  /** The way for reports, beside the poll, while the headend can be reached. */
  let reports: Way | undefined;

  const connection = createConnection({
    url,
    log,
    now: deps.now,
    async attempt(attempt) {
      const pool = createSocketPool(url, url.startsWith('https:') ? await readTls(options.tls) : undefined);
      const { link, signal, up } = attempt;
      intake ??= createIntake({ receive: (bytes) => link.receive(bytes), log, signal: stopping.signal });
      try {
        return await keepPolling({ link, pool, signal }, intake, up);
      } finally {
        reports = undefined;
        pool.destroy();
      }
    },
  });

  async function keepPolling(way: Way, taken: Intake, up: Attempt['up']): Promise<never> {
    const { signal } = way;
    // The first poll is not to be held, so that it is known at once whether the headend can be reached.
    for (let waitSeconds = 0; ; waitSeconds = taken.held() > 0 ? 0 : longPollSeconds) {
      const isFirst = reports === undefined;
      const noEvents = taken.held() > 0;
      const startedAt = performance.now();
      const { messages, wasHeld } = await poll(way, waitSeconds, noEvents);
      reports ??= way;
      up(wasHeld ? 'long poll' : `a poll every ${intervalMs / 1000} s`);
      if (!noEvents) for (const message of messages) await taken.take(message);
      if (taken.held() > 0) await pause(jittered(Math.min(intervalMs, upstreamLimits.heldPollMs)), signal);
      else if (wasHeld) await pause(leastPause(messages, performance.now() - startedAt), signal);
      else if (!isFirst || longPollSeconds === 0) await pause(jittered(intervalMs), signal);
    }
  }

  async function poll(way: Way, waitSeconds: number, noEvents: boolean): Promise<Answered> {
    const telemetry = await way.link.telemetry().catch((error: unknown) => {
      log.warn({ err: error }, 'telemetry could not be read; the heartbeat goes without it');
      return undefined;
    });
    // After a poll that is held the next one follows at once.
    const interval = longPollSeconds === 0 ? intervalMs / 1000 : undefined;
    const body = heartbeatBody(token, telemetry, { noEvents, interval });
    const { text, headers } = await post(way, heartbeatUrl, body, waitSeconds);
    return { messages: messagesIn(text), wasHeld: /\bwait=/i.test(headers.get('preference-applied') ?? '') };
  }

  /** Posts JSON; the server may hold it for `waitSeconds`. */
  function post({ pool, signal }: Way, to: string, body: unknown, waitSeconds = 0) {
    return exchange({
      url: to,
      headers: {
        accept: 'application/json',
        authorization: `Bearer ${token}`,
        // RFC 7240, 4.3: the server may take that long; it says so in Preference-Applied.
        ...(waitSeconds > 0 && { prefer: `wait=${waitSeconds}` }),
      },
      body,
      pool,
      timeoutMs: timeoutMs + waitSeconds * 1000,
      mostBytes: upstreamLimits.answerBytes,
      signals: [signal],
    });
  }

  function acknowledge(link: UpstreamLink, report: string): void {
    const ack = encode({ v: 1, kind: 'ack', report });
    link.receive(ack).catch((error: unknown) => log.warn({ err: error, report }, 'acknowledgement could not be kept'));
  }

  return {
    name: 'heartbeat',
    start: connection.start,
    status: connection.status,
    async stop() {
      stopping.abort();
      await connection.stop();
      const held = intake?.held() ?? 0;
      if (held > 0)
        log.error({ held }, 'stopped with actions that could not be stored; the headend has to send them again');
    },
    async send(message) {
      // The polls carry it.
      if (message.kind === 'telemetry') return;
      const way = reports;
      if (!way) throw connection.missing();
      const { text } = await inTurn(() => post(way, reportsUrl, message)).catch((cause: unknown) => {
        throw new AgentError('HEADEND_FAILED', `POST ${reportsUrl}: ${reasonOf(cause)}`, { cause });
      });
      if (message.kind !== 'report' || !isFinal(message.state)) return;
      for (const report of acksIn(text) ?? [message.report]) acknowledge(way.link, report);
    },
  };
}

/** No pause, except after a held poll that came back empty at once: such a server would be asked without end. */
function leastPause(messages: Uint8Array[], tookMs: number): number {
  return messages.length > 0 ? 0 : Math.max(0, upstreamLimits.emptyPollMs - tookMs);
}

/** ±10 %, so that a fleet that started together does not poll together. */
function jittered(ms: number): number {
  return ms * (0.9 + 0.2 * Math.random());
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return ms > 0 ? wait(ms, undefined, { signal }) : Promise.resolve();
}

/** `path` below the path of the configured URL. */
function under(base: string, path: string): string {
  const url = new URL(base);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}/${path}`;
  return url.href;
}
