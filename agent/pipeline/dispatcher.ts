/**
 * The dispatcher: runs one action, from intent to result.
 *
 * INVARIANTS
 * - The intent of a non-idempotent action is committed before its effect (promise 2).
 * - The result is committed before it is handed to the reporter (promise 3); while the disk is full, nothing waits behind it.
 * - An action that hangs is given up at its deadline, one that throws is a result; `run` never rejects (promise 6).
 * - What was told to be done stays done, whatever becomes of the rest of it.
 * - A missing capability refuses before any effect (promise 7), and so does a box that is cut off.
 */
import type { Logger } from 'pino';
import type { ActionContext, ActionDefinition, HeadendClient, Json } from '../action.ts';
import { checkNeeds } from '../action.ts';
import type { Clock } from '../clock.ts';
import { AgentError, errorCode, errorTable, messageOf, toReportError } from '../errors.ts';
import { limits } from '../protocol/limits.ts';
import type { Progress, Report } from '../protocol/messages.ts';
import type { Journal, JournaledAction } from './journal.ts';
import type { Reporter, ReportParts } from './reporter.ts';

export interface Dispatcher {
  /** Runs an action to its result; resolves when that is committed, or on a full disk when it waits to be. */
  run(action: JournaledAction, signal: AbortSignal): Promise<void>;
  /** Ends an action that did not start in time. */
  expire(action: JournaledAction): Promise<void>;
  /** Ends an action without running it: expired, cancelled, refused. Resolves when it is committed. */
  end(action: JournaledAction, state: 'expired' | 'cancelled' | 'refused', error: AgentError): Promise<void>;
}

export type DispatcherDependencies = {
  journal: Journal;
  reporter: Reporter;
  clock: Clock;
  log: Logger;
  definition(type: string): ActionDefinition | undefined;
  /** Takes back an idempotent action that was interrupted. */
  again(action: JournaledAction): void;
  /** Whether the agent is being stopped: what recovery can repeat or settle is then left to the next start. */
  stopping(): boolean;
  /** What an action may use; the dispatcher adds what belongs to the one run. */
  context: Pick<ActionContext, 'platform' | 'headend' | 'lineup' | 'cutOff'> & {
    settings(): ActionContext['settings'];
    /** In the place of `headend.upload`, for an action given on the box itself. */
    keepArtifact: HeadendClient['upload'];
    alone(id: string): Promise<void>;
    reached(): Promise<void>;
    /** The directory for an action's downloads, and its removal. */
    workDir(id: string): string;
    removeWorkDir(id: string): void;
  };
};

/** How often a commit is tried again while the disk is full. */
const storageRetryMs = 2_000;

export function createDispatcher(dependencies: DispatcherDependencies): Dispatcher {
  const { journal, reporter, clock, log } = dependencies;

  async function run(action: JournaledAction, signal: AbortSignal): Promise<void> {
    const definition = dependencies.definition(action.type);
    const startedAt = clock.monotonic();
    const child = log.child({ id: action.id, type: action.type });
    child.info({ attempt: action.attempt + 1, resumed: action.state === 'running' }, 'action started');
    const outcome = await attempt(action, definition, signal, child);
    if (outcome === 'left') {
      child.info('action left to the next start');
      return;
    }
    if (outcome === 'again') {
      child.info('action interrupted, it will run again');
      await journal.requeue(action).catch(() => {});
      return dependencies.again(action);
    }
    const finish = finisher(action, outcome);
    await finish().catch(() => void persist(finish));
    dependencies.context.removeWorkDir(action.id);
    const ms = Math.round(clock.monotonic() - startedAt);
    child.info({ state: outcome.state, ms, ...(outcome.error && { error: outcome.error }) }, 'action ended');
    if (outcome.state === 'done') reporter.telemetrySoon();
  }

  /** The outcome of one run; `again` when it was interrupted and can be repeated, `left` when the next start deals with it. */
  async function attempt(
    action: JournaledAction,
    definition: ActionDefinition | undefined,
    signal: AbortSignal,
    child: Logger,
  ): Promise<Outcome | 'again' | 'left'> {
    const resumed = action.state === 'running';
    const attemptNumber = resumed ? action.attempt : action.attempt + 1;
    const facts = { id: action.id, type: action.type, attempt: attemptNumber };
    try {
      if (!definition) throw new AgentError('UNKNOWN_TYPE', `this agent has no action ${action.type}`);
      const abort = new AbortController();
      const stop = () => abort.abort(signal.reason);
      signal.addEventListener('abort', stop, { once: true });
      const context = createContext(action, abort.signal, child, facts);
      checkNeeds(definition, context);
      const params = action.params as never;
      if (!resumed) {
        if (attemptNumber > limits.attempts) {
          throw new AgentError('CRASHED', `the agent died ${action.attempt} times while it ran this ${action.type}`);
        }
        const intent = definition.idempotent ? undefined : ((await definition.prepare?.(params, context)) ?? {});
        await declare(action, definition, attemptNumber, intent, context);
      }
      if (signal.aborted) stop();
      if (!action.report) reporter.say({ ...facts, state: 'started' }, action.source);
      const result = await withDeadline(
        definition.deadlineMs(params, context.settings),
        abort,
        clock,
        resumed ? settle(definition, params, context, action) : definition.run(params, context),
      );
      return { ...facts, state: 'done', result };
    } catch (error) {
      if (action.report) {
        const result = { ...action.report.result, ended: 'interrupted', reason: messageOf(error) };
        return { ...facts, state: 'done', result };
      }
      if (signal.aborted && definition && errorCode(error) === 'INTERRUPTED') {
        if (dependencies.stopping() && (definition.idempotent || definition.settle)) return 'left';
        if (definition.idempotent) return 'again';
      }
      if (errorCode(error) === 'INTERNAL') child.error({ err: error }, 'action threw');
      const state = errorTable[errorCode(error)].refusal ? 'refused' : 'failed';
      const result = error instanceof AgentError ? error.result : undefined;
      return { ...facts, state, error: toReportError(error), ...(result && { result }) };
    }
  }

  /**
   * Commits the intent. While the disk is full an effect that it could not account for waits, at most until its deadline; one
   * that may be repeated goes on without.
   */
  async function declare(
    action: JournaledAction,
    definition: ActionDefinition,
    attempt: number,
    intent: Json | undefined,
    { signal, settings }: ActionContext,
  ): Promise<void> {
    const { idempotent } = definition;
    const begin = () => journal.begin(action, { attempt, intent, durable: !idempotent });
    if (idempotent) return begin().catch(() => {});
    const end = clock.monotonic() + definition.deadlineMs(action.params as never, settings);
    await persist(begin, (error) => {
      signal.throwIfAborted();
      if (clock.monotonic() >= end) throw error;
    });
  }

  /** What commits a result and hands it on; it can be called until it does not reject. */
  function finisher(action: JournaledAction, outcome: Outcome): () => Promise<void> {
    const report = reporter.make(outcome);
    return async () => {
      if (action.answer) return action.answer(report);
      await journal.finish(action, report);
      reporter.deliver(report, action.source);
    };
  }

  /** Tries a commit until it gets through, or `failed` throws. */
  async function persist(write: () => Promise<void>, failed: (error: unknown) => void = () => {}): Promise<void> {
    for (;;) {
      try {
        return await write();
      } catch (error) {
        failed(error);
        await new Promise<void>((resolve) => clock.timer(storageRetryMs, resolve));
      }
    }
  }

  /** Tells of an action that goes on that it is done; where that cannot be stored, its end says so. */
  async function tellDone(action: JournaledAction, report: Report): Promise<void> {
    try {
      await journal.tell(action, report);
      action.report = report;
      reporter.deliver(report, action.source);
    } catch (error) {
      log.warn({ id: action.id, error: messageOf(error) }, 'not told to be done before its end');
    }
  }

  function createContext(action: JournaledAction, signal: AbortSignal, child: Logger, facts: Facts): ActionContext {
    const { context } = dependencies;
    return {
      id: action.id,
      platform: context.platform,
      headend: action.source === 'local' ? { ...context.headend, upload: context.keepArtifact } : context.headend,
      lineup: context.lineup,
      cutOff: context.cutOff,
      settings: context.settings(),
      get workDir() {
        return context.workDir(action.id);
      },
      signal,
      log: child,
      progress: (progress: Progress) => reporter.say({ ...facts, state: 'progress', progress }, action.source),
      done: (result) => tellDone(action, reporter.make({ ...facts, state: 'done', open: true, result })),
      remember: (intent) => journal.remember(action, intent),
      alone: () => context.alone(action.id),
      reached: () => context.reached(),
      sleep: (ms) => sleep(ms, signal, clock),
    };
  }

  async function end(
    action: JournaledAction,
    state: 'expired' | 'cancelled' | 'refused',
    error: AgentError,
  ): Promise<void> {
    const { id, type, attempt } = action;
    await persist(finisher(action, { id, type, attempt, state, error: toReportError(error) }));
    log.info({ id, type, state, error: error.message }, 'action ended');
  }

  return {
    run,
    end,
    expire(action) {
      const until = new Date(action.expiresAt ?? 0).toISOString();
      return end(action, 'expired', new AgentError('EXPIRED', `not started before it expired at ${until}`));
    },
  };
}

type Facts = { id: string; type: string; attempt: number };
type Outcome = ReportParts & { state: 'done' | 'failed' | 'refused' | 'expired' | 'cancelled' };

/** What became of an action in whose middle the agent or the box stopped. Rejects where that is not known. */
function settle(
  definition: ActionDefinition,
  params: never,
  context: ActionContext,
  action: JournaledAction,
): Promise<Json> {
  if (definition.settle) return definition.settle(params, context, action.intent ?? {});
  const effect = action.report ? '' : '; whether it had its effect is not known';
  return Promise.reject(
    new AgentError('INTERRUPTED', `the agent or the box stopped while ${action.type} ran${effect}`),
  );
}

/** The result of `work`; TIMEOUT at the deadline, or the reason of an abort that `work` does not follow within its grace. */
async function withDeadline(
  deadlineMs: number,
  abort: AbortController,
  clock: Clock,
  work: Promise<Json>,
): Promise<Json> {
  const cancels: (() => void)[] = [];
  const after = (ms: number, then: () => void) => cancels.push(clock.timer(ms, then));
  try {
    return await new Promise<Json>((resolve, reject) => {
      abort.signal.addEventListener('abort', () => after(limits.abortGraceMs, () => reject(abort.signal.reason)));
      after(deadlineMs, () => {
        abort.abort(new AgentError('TIMEOUT', `not done within ${Math.round(deadlineMs / 1000)} s`));
      });
      work.then(resolve, (error) => reject(abort.signal.aborted ? withResult(abort.signal.reason, error) : error));
    });
  } finally {
    for (const cancel of cancels) cancel();
  }
}

/** The reason of an abort, with what the aborted work knows of its result. */
function withResult(reason: unknown, error: unknown): unknown {
  if (!(reason instanceof AgentError && error instanceof AgentError && error.result)) return reason;
  return new AgentError(reason.code, reason.message, { cause: error, result: error.result });
}

function sleep(ms: number, signal: AbortSignal, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const cancel = clock.timer(ms, () => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    const stop = () => {
      cancel();
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
