/**
 * The reporter: what the box says upstream.
 *
 * INVARIANTS
 * - A final report is read from the journal or was committed to it before it is handed here (promise 3).
 * - It is sent again, oldest first, over whichever upstream is up, until its acknowledgement is in the journal; one that is
 *   not acknowledged holds up no other.
 * - `accepted`, `started` and `progress` may be lost once they were sent; the last one that nobody could take is sent again.
 * - A report of an action that an upstream owns goes over that one alone; no other report goes there.
 */
import type { Logger } from 'pino';
import type { Clock } from '../clock.ts';
import { newId } from '../protocol/id.ts';
import { limits } from '../protocol/limits.ts';
import { type BoxMessage, type Hello, isFinal, type Report, type Telemetry } from '../protocol/messages.ts';
import type { Upstream, UpstreamName } from '../upstream.ts';
import type { Journal } from './journal.ts';

export interface Reporter {
  /** Sends a report that may be lost, best over the upstream that brought the action. */
  say(report: ReportParts, source?: string): void;
  /** Says the same report again that was last said of an action without an end; false when none was. */
  repeat(id: string, source: string): boolean;
  /** Makes a report, with an id and the time. */
  make(parts: ReportParts): Report;
  /** Sends a committed final report, now and until it is acknowledged; one of a `local` action is only told here. */
  deliver(report: Report, source: string): void;
  /** Sends a report that nothing repeats, as it is nowhere on disk or was acknowledged; false when no upstream took it. */
  sendOnce(report: Report, source: string): Promise<boolean>;
  /** The headend has stored a report. */
  acknowledged(report: string): void;
  /** An upstream came up: hello, and everything unreported at once. */
  connected(upstream: Upstream): void;
  /** How the box is, to be sent soon; several calls make one message. */
  telemetrySoon(): void;
  /** The upstreams in the order of preference; replaced when the configuration is reloaded. */
  use(upstreams: readonly Upstream[]): void;
  stop(): void;
}

export type ReportParts = Omit<Report, 'v' | 'kind' | 'report' | 'at'>;

export type ReporterDependencies = {
  journal: Journal;
  clock: Clock;
  log: Logger;
  hello(): Promise<Hello>;
  telemetry(): Promise<Telemetry>;
  /** Told of every report that leaves, for `stb-agent do`. */
  heard?: (report: Report) => void;
};

/** A report that nothing repeats by itself; `taken`: an upstream has it, or is about to. */
type Said = { report: Report; source: string | undefined; taken: boolean };

/** How many final reports may be with an upstream that has not sent them yet. */
const windowSize = 64;
/** How long a change waits for others before the telemetry tells it. */
const telemetrySettleMs = 300;

export function createReporter({ journal, clock, log, hello, telemetry, heard }: ReporterDependencies): Reporter {
  let upstreams: readonly Upstream[] = [];
  /** Final reports that were sent, or that no upstream took, with when they may be sent again. */
  const sent = new Map<string, { again: number; tries: number }>();
  /** Final reports that an upstream has not sent yet. */
  let leaving = 0;
  /** The place in the journal that a round through the unreported has come to; null between rounds. */
  let place: number | null = null;
  /** Whether a result came while the window was full, and may be in a place that the round has passed. */
  let passedOver = false;
  /** What was last said of each action that has no end yet, and to whom. */
  const said = new Map<string, Said>();
  let cancelRound: (() => void) | undefined;
  let cancelTelemetry = () => {};
  let stopped = false;
  let periodic = clock.timer(limits.telemetryMs, tick);

  function up(): Upstream[] {
    return upstreams.filter((upstream) => upstream.status().state === 'connected');
  }

  /** Sends over the first connected upstream that takes it; false when none does. */
  async function send(message: BoxMessage, candidates: Upstream[]): Promise<boolean> {
    for (const upstream of candidates) {
      try {
        await upstream.send(message);
        return true;
      } catch (error) {
        log.debug({ upstream: upstream.name, kind: message.kind, error: String(error) }, 'not sent');
      }
    }
    return false;
  }

  /** What is connected and may carry a report, the upstream that brought the action first. */
  function carriers(report: Report, source?: string): Upstream[] {
    const { id } = report;
    const owner = id === null ? undefined : upstreams.find((upstream) => upstream.owns?.(id));
    const candidates = owner ? up().filter((upstream) => upstream === owner) : up().filter(({ owns }) => !owns);
    return candidates.sort((a, b) => Number(b.name === source) - Number(a.name === source));
  }

  function ended({ id }: Report): void {
    if (id !== null) said.delete(id);
  }

  function make(parts: ReportParts): Report {
    return { v: 1, kind: 'report', report: newId(), at: new Date(clock.now()).toISOString(), ...parts };
  }

  async function sendFinal(report: Report): Promise<void> {
    const tries = (sent.get(report.report)?.tries ?? 0) + 1;
    const wait = Math.min(limits.reportResendMs.first * 2 ** (tries - 1), limits.reportResendMs.max);
    sent.set(report.report, { again: clock.monotonic() + wait, tries });
    leaving += 1;
    await send(report, carriers(report));
    leaving -= 1;
    if (place !== null && leaving <= windowSize / 2) goRound();
  }

  /** Goes, or goes on, through what is unreported and sends what is due; waits where the window is full. */
  function goRound(): void {
    if (stopped || up().length === 0) return;
    place ??= 0;
    while (leaving < windowSize) {
      const page = journal.unreported(windowSize - leaving, place);
      for (const { seq, report } of page) {
        place = seq;
        if ((sent.get(report.report)?.again ?? 0) <= clock.monotonic()) void sendFinal(report);
      }
      if (page.length > 0) continue;
      if (!passedOver) {
        place = null;
        if (journal.counts().unreported > 0) goRoundLater();
        return;
      }
      passedOver = false;
      place = 0;
    }
  }

  function goRoundLater(): void {
    cancelRound ??= clock.timer(limits.reportResendMs.first, () => {
      cancelRound = undefined;
      goRound();
    });
  }

  async function sendTelemetry(): Promise<void> {
    if (up().length === 0) return;
    await send(await telemetry(), up());
  }

  async function saySaid(entry: Said): Promise<void> {
    entry.taken = true;
    entry.taken = await send(entry.report, carriers(entry.report, entry.source));
  }

  /** Says what no upstream took when it was said: an action may come while its upstream is not quite up. */
  function sayAgain(): void {
    for (const entry of said.values()) if (!entry.taken) void saySaid(entry);
  }

  function tick(): void {
    if (stopped) return;
    void sendTelemetry();
    periodic = clock.timer(limits.telemetryMs, tick);
  }

  return {
    make,
    say(parts, source) {
      const report = make(parts);
      heard?.(report);
      if (source === 'local') return;
      const entry = { report, source, taken: true };
      if (report.id !== null && !isFinal(report.state)) said.set(report.id, entry);
      void saySaid(entry);
    },
    repeat(id, source) {
      const entry = said.get(id);
      if (entry) void saySaid({ ...entry, source });
      return entry !== undefined;
    },
    sendOnce(report, source) {
      ended(report);
      heard?.(report);
      return source === 'local' ? Promise.resolve(true) : send(report, carriers(report, source));
    },
    deliver(report, source) {
      ended(report);
      heard?.(report);
      if (source === 'local' || stopped || up().length === 0) return;
      if (leaving < windowSize) void sendFinal(report);
      else {
        passedOver = true;
        place ??= 0;
      }
      goRoundLater();
    },
    acknowledged(report) {
      sent.delete(report);
    },
    connected(upstream) {
      sent.clear();
      place = 0;
      void hello()
        .then((message) => upstream.send(message))
        .catch((error) => log.warn({ upstream: upstream.name, error: String(error) }, 'hello not sent'))
        .then(sayAgain)
        .then(goRound)
        .then(sendTelemetry);
    },
    telemetrySoon() {
      cancelTelemetry();
      cancelTelemetry = clock.timer(telemetrySettleMs, () => void sendTelemetry());
    },
    use(list) {
      upstreams = list;
    },
    stop() {
      stopped = true;
      cancelRound?.();
      cancelTelemetry();
      periodic();
    },
  };
}

/** The upstreams sorted by the configured order of preference; unnamed ones last. */
export function byPreference(upstreams: Upstream[], prefer: readonly UpstreamName[]): Upstream[] {
  const place = (upstream: Upstream) => prefer.indexOf(upstream.name) + 1 || prefer.length + 1;
  return [...upstreams].sort((a, b) => place(a) - place(b));
}
