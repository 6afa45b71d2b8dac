/**
 * The inbox: checks what an upstream received, and stores it.
 *
 * INVARIANTS
 * - `receive` resolves, so that the upstream may acknowledge, only when the action is on disk or its answer has left (promise 1).
 * - A duplicate is never run: it is answered with what is known of the first (promise 2).
 * - What is said of an action while it is being stored waits until it is: a cancel finds the action that came before it.
 * - Whatever cannot be run is answered with a code and a sentence; nothing is dropped silently.
 */
import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import * as v from 'valibot';
import type { ActionDefinition } from '../action.ts';
import type { Clock } from '../clock.ts';
import { AgentError, errorCode, toReportError } from '../errors.ts';
import { limits } from '../protocol/limits.ts';
import { type ActionMessage, decodeHeadendMessage, explain, type Report } from '../protocol/messages.ts';
import { boxParamSchemas, isBoxActionType } from '../protocol/params.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Journal, JournaledAction, NewAction } from './journal.ts';
import type { Reporter } from './reporter.ts';
import type { Scheduler } from './scheduler.ts';

export interface Inbox {
  /** Takes one message as it came. Rejects with STORAGE when it must come again; never for bad input. */
  receive(bytes: Uint8Array, source: string): Promise<void>;
  /** Takes acknowledgements only from now on; actions are rejected and stay with the headend. */
  close(): void;
}

export type InboxDependencies = {
  journal: Journal;
  scheduler: Scheduler;
  dispatcher: Dispatcher;
  reporter: Reporter;
  clock: Clock;
  log: Logger;
  /** Seeds the spread: the box's own place in the span, the same each time. */
  boxId: string;
  definition(type: string): ActionDefinition | undefined;
};

/** How many answers to actions that could not be stored are kept against their coming again. */
const unstoredAnswers = 500;

export function createInbox(dependencies: InboxDependencies): Inbox {
  const { journal, scheduler, dispatcher, reporter, clock, log, boxId, definition } = dependencies;
  /** Answers given while the disk was full, by action id. */
  const answered = new Map<string, Promise<Report>>();
  /** Actions that are being stored, by id. */
  const arriving = new Map<string, Promise<void>>();
  let closed = false;

  async function receive(bytes: Uint8Array, source: string): Promise<void> {
    const decoded = decodeHeadendMessage(bytes);
    if (!decoded.ok) return unreadable(decoded.id, decoded.reason, source);
    const { message } = decoded;
    if (message.kind === 'ack') {
      await journal.acknowledge(message.report);
      reporter.acknowledged(message.report);
    } else if (closed) throw new AgentError('INTERRUPTED', 'the agent is stopping and takes no more actions');
    else if (message.kind === 'cancel') await cancel(message.id, source);
    else await accept(message, source);
  }

  /** What is known of an action that has no end yet. */
  function sayHowFar({ id, type, state }: JournaledAction, source: string): void {
    if (state !== 'running') reporter.say({ id, type, state: 'accepted' }, source);
    else if (!reporter.repeat(id, source)) reporter.say({ id, type, state: 'started' }, source);
  }

  /** Says again how an action ended. What was acknowledged is not among the unreported, whose turn comes by itself. */
  function sayEnd(report: Report, { source, reported }: JournaledAction): void {
    if (reported) void reporter.sendOnce(report, source);
    else reporter.deliver(report, source);
  }

  async function accept(message: ActionMessage, source: string): Promise<void> {
    const entry = admit(message, source);
    const arrival = store(entry, source);
    const arrived = arrival.then(() => {
      if (arriving.get(entry.id) === arrived) arriving.delete(entry.id);
    });
    arriving.set(entry.id, arrived);
    const failure = await arrival;
    if (failure) await serveUnstored(entry, failure);
  }

  /** Stores an action and passes it on. Resolves with the reason why it could not be stored. */
  async function store(entry: NewAction, source: string): Promise<AgentError | undefined> {
    const stored = await journal.accept(entry).catch((error) => error as AgentError);
    if (stored instanceof Error) return stored;
    const { action, duplicate } = stored;
    const about = { id: action.id, type: action.type };
    if (duplicate) {
      log.info({ ...about, state: action.state }, 'duplicate, answered with what is known');
      if (action.report) sayEnd(action.report, action);
      else sayHowFar(action, source);
    } else if (action.report) {
      log.warn({ ...about, error: action.report.error }, 'action refused');
      reporter.deliver(action.report, action.source);
    } else {
      log.info({ ...about, source, dueAt: action.dueAt }, 'action accepted');
      reporter.say({ ...about, state: 'accepted' }, source);
      scheduler.add(action);
    }
    return undefined;
  }

  /** What is to be stored of a message: a checked action, or one that carries its refusal and no parameters. */
  function admit(message: ActionMessage, source: string): NewAction {
    const receivedAt = clock.now();
    const { id, type } = message;
    const entry: NewAction = { id, type, params: message.params, dueAt: null, expiresAt: null, receivedAt, source };
    try {
      if (!isBoxActionType(type) || !definition(type))
        throw new AgentError('UNKNOWN_TYPE', `this agent has no action ${type}`);
      const params = v.safeParse(boxParamSchemas[type], message.params, { abortEarly: true });
      if (!params.success) throw new AgentError('BAD_PARAMS', `${type}: ${explain(params.issues[0])}`);
      const { waiting, running } = scheduler.counts();
      if (waiting + running >= limits.pendingActions) {
        throw new AgentError('BUSY', `${limits.pendingActions} actions wait or run on this box; ask again later`);
      }
      return { ...entry, params: params.output, ...times(message, receivedAt) };
    } catch (error) {
      return {
        ...entry,
        params: {},
        report: reporter.make({ id, type, state: 'refused', error: toReportError(error) }),
      };
    }
  }

  /** When an action may start and until when, in wall milliseconds. */
  function times(message: ActionMessage, now: number): { dueAt: number | null; expiresAt: number | null } {
    const when = message.when === undefined ? null : Date.parse(message.when);
    const expiresAt = message.expires === undefined ? null : Date.parse(message.expires);
    if (when !== null && expiresAt !== null && expiresAt <= when) {
      throw new AgentError('BAD_PARAMS', `expires ${message.expires} is not after when ${message.when}`);
    }
    if (when !== null && clock.isSet() && when > now + limits.scheduleAheadMs) {
      throw new AgentError(
        'TOO_FAR_AHEAD',
        `when ${message.when} is more than ${limits.scheduleAheadMs / 86_400_000} days ahead`,
      );
    }
    if (!message.spread) return { dueAt: when, expiresAt };
    return { dueAt: (when ?? now) + spreadOffsetMs(boxId, message.spread), expiresAt };
  }

  async function cancel(id: string, source: string): Promise<void> {
    await arriving.get(id);
    const waiting = scheduler.cancel(id);
    if (waiting)
      return dispatcher.end(waiting, 'cancelled', new AgentError('CANCELLED', 'cancelled before it started'));
    const known = journal.find(id);
    log.info({ id, state: known?.state ?? 'unknown' }, 'cancel came too late');
    if (known?.report) sayEnd(known.report, known);
    else if (known) sayHowFar(known, source);
    else {
      const error = toReportError(new AgentError('CANCELLED', 'cancelled before the box had it'));
      await endUnseen(reporter.make({ id, state: 'cancelled', error }), id, source);
    }
  }

  /** Stores the end of an action that the box does not have, so that it is not run should it still come. */
  async function endUnseen(report: Report, id: string, source: string): Promise<void> {
    const nothing = { type: 'UNKNOWN', params: {}, dueAt: null, expiresAt: null };
    const { action } = await journal.accept({ ...nothing, id, receivedAt: clock.now(), source, report });
    if (action.report) reporter.deliver(action.report, action.source);
  }

  async function unreadable(id: string | null, reason: string, source: string): Promise<void> {
    log.warn({ source, id, reason }, 'message refused');
    const error = toReportError(new AgentError('BAD_MESSAGE', reason));
    if (id === null) return reporter.say({ id, state: 'refused', error }, source);
    await arriving.get(id);
    const known = journal.find(id);
    if (known?.report) return sayEnd(known.report, known);
    if (known) {
      // A refusal under its id would end the action, which goes on.
      const about = toReportError(new AgentError('BAD_MESSAGE', `a message about ${id}: ${reason}`));
      return reporter.say({ id: null, state: 'refused', error: about }, source);
    }
    const report = reporter.make({ id, state: 'refused', error });
    await endUnseen(report, id, source).catch(() => reporter.say({ id, state: 'refused', error }, source));
  }

  /**
   * The disk is full. What may be run again is run now, unrecorded; all else is refused. The message is acknowledged once its
   * answer has left, so that none is lost; should it come again meanwhile, it gets the same answer.
   */
  async function serveUnstored(entry: NewAction, error: AgentError): Promise<void> {
    log.error({ id: entry.id, type: entry.type, error: error.message }, 'action cannot be stored');
    let answer = answered.get(entry.id);
    if (!answer) {
      answer = unstored(entry, error);
      answered.set(entry.id, answer);
      if (answered.size > unstoredAnswers) answered.delete(answered.keys().next().value!);
    }
    if (!(await reporter.sendOnce(await answer, entry.source))) throw error;
  }

  function unstored(entry: NewAction, error: AgentError): Promise<Report> {
    const { id, type } = entry;
    if (entry.report) return Promise.resolve(entry.report);
    const runnable = definition(type)?.idempotent && entry.dueAt === null && errorCode(error) === 'STORAGE';
    if (!runnable) return Promise.resolve(reporter.make({ id, type, state: 'refused', error: toReportError(error) }));
    return new Promise((resolve) => {
      const action: JournaledAction = {
        ...entry,
        seq: 0,
        state: 'waiting',
        attempt: 0,
        intent: null,
        report: null,
        reported: false,
        answer: resolve,
      };
      scheduler.add(action);
    });
  }

  return {
    receive,
    close() {
      closed = true;
    },
  };
}

/** A box's place in a span of `spreadSeconds`, in milliseconds: the same for the same box, even over a fleet. */
export function spreadOffsetMs(boxId: string, spreadSeconds: number): number {
  const hash = createHash('sha256').update(boxId).digest().readUInt32BE(0);
  return Math.floor((hash / 2 ** 32) * spreadSeconds * 1000);
}
