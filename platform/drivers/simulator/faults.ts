/**
 * The fault menu: what can go wrong with a box, asked for from the TV page (`/faults`) or from the environment
 * (`STB_SIMULATOR_FAULT`, a JSON array).
 *
 * INVARIANT: a one-shot fault (`kill`, `power-cut`) is struck off the state file, on disk, before it strikes the box: it
 * happens once, whatever comes after.
 */
import {
  type CapabilityName,
  capabilityNames,
  messageOf,
  PlatformError,
  type PlatformErrorCode,
} from '../../contract.ts';
import type { Box } from './box.ts';

export type Fault =
  /** Every call of a capability, or of all, takes longer. */
  | { kind: 'slow'; ms: number; capability?: CapabilityName }
  /** Every call of the capability fails. */
  | { kind: 'fail'; capability: CapabilityName }
  /** Every call of the capability hangs until it is aborted. */
  | { kind: 'hang'; capability: CapabilityName }
  /** The agent's process dies, or the box loses its power, at a step in the life of an action; once. */
  | { kind: 'kill' | 'power-cut'; step: string; type?: string }
  /** Nothing more can be stored. */
  | { kind: 'disk-full' };

export type Faults = {
  list(): Fault[];
  /** Adds a fault that lasts over restarts. */
  add(fault: Fault): void;
  /** Removes the faults of one kind, or all; those of the environment stay. */
  clear(kind?: string): void;
  diskFull(): boolean;
  /** What a call of a capability meets before it does anything. */
  pass(capability: CapabilityName, signal?: AbortSignal): Promise<void>;
  /** Kills the process or cuts the power, if a fault is set for this step. */
  strike(step: string, type: string): void;
};

const faultKinds = ['slow', 'fail', 'hang', 'kill', 'power-cut', 'disk-full'] as const satisfies Fault['kind'][];
/** What the agent tells a box of an action's life, by `observe`. */
const steps = ['accept', 'begin', 'remember', 'tell', 'finish', 'acknowledge'].flatMap((step) => [
  `journal.${step}.before`,
  `journal.${step}.after`,
]);

const failureCodes: Partial<Record<CapabilityName, PlatformErrorCode>> = {
  player: 'PLAYBACK_FAILED',
  tuner: 'NO_SIGNAL',
  firmware: 'INSTALL_FAILED',
  management: 'TUNNEL_FAILED',
};

/** `environment` is the value of `STB_SIMULATOR_FAULT`. */
export function createFaults(
  box: Box,
  environment: string | undefined,
  effects: { kill: () => void; cutPower: () => void },
): Faults {
  const given = parseFaults(environment);
  const keys = given.map((fault) => JSON.stringify(fault));
  // Forgetting what the environment no longer asks for arms it again for a later start that does.
  const stillGiven = box.state.fired.filter((key) => keys.includes(key));
  if (stillGiven.length < box.state.fired.length) box.update({ fired: stillGiven });

  const list = () => [
    ...box.state.faults,
    ...given.filter((fault) => !box.state.fired.includes(JSON.stringify(fault))),
  ];

  return {
    list,
    add(fault) {
      const key = JSON.stringify(fault);
      box.update({ faults: [...box.state.faults.filter((other) => JSON.stringify(other) !== key), fault] });
      box.record('fault', `Fault set: ${describe(fault)}.`, fault);
    },
    clear(kind) {
      box.update({ faults: box.state.faults.filter((fault) => kind !== undefined && fault.kind !== kind) });
      box.record('fault', kind === undefined ? 'Faults cleared.' : `Faults cleared: ${kind}.`);
    },
    diskFull: () => list().some((fault) => fault.kind === 'disk-full'),
    async pass(capability, signal) {
      box.closed.throwIfAborted();
      signal?.throwIfAborted();
      for (const fault of list()) {
        if (!concerns(fault, capability)) continue;
        if (fault.kind === 'slow') await box.wait(fault.ms, signal);
        if (fault.kind === 'hang') await forever(box, signal);
        if (fault.kind === 'fail') throw failure(capability);
      }
    },
    strike(step, type) {
      const fault = list().find(
        (each) => 'step' in each && each.step === step && (each.type === undefined || each.type === type),
      );
      if (fault === undefined) return;
      const key = JSON.stringify(fault);
      box.update({
        faults: box.state.faults.filter((each) => JSON.stringify(each) !== key),
        ...(keys.includes(key) && { fired: [...box.state.fired, key] }),
      });
      box.record('fault', `Fault: ${describe(fault)}.`, { ...fault, type });
      if (fault.kind === 'kill') effects.kill();
      else effects.cutPower();
    },
  };
}

/** Checks a fault that came from outside; throws a sentence that says what is wrong. */
export function parseFault(value: unknown): Fault {
  const shown = JSON.stringify(value);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`expected a fault like {"kind":"slow","ms":500}, got ${shown}`);
  const fault = faultOf(value as Record<string, unknown>, shown);
  const superfluous = Object.keys(value).find((field) => !Object.hasOwn(fault, field));
  if (superfluous !== undefined) throw new Error(`a ${fault.kind} fault has no ${superfluous}: ${shown}`);
  return fault;
}

/** The kind of faults that a text names; throws a sentence for one that there is not. */
export function parseKind(text: unknown): Fault['kind'] {
  return oneOf(faultKinds, 'kind', text);
}

function faultOf({ kind: given, ms, capability, step, type }: Record<string, unknown>, shown: string): Fault {
  const kind = parseKind(given);
  const named = capability === undefined ? undefined : oneOf(capabilityNames, 'capability', capability);
  switch (kind) {
    case 'slow':
      if (typeof ms !== 'number' || !(ms >= 0 && ms <= 600_000))
        throw new Error(`ms: expected 0 to 600000 in ${shown}`);
      return { kind, ms, ...(named && { capability: named }) };
    case 'fail':
    case 'hang':
      if (named === undefined) throw new Error(`capability: expected in ${shown}`);
      return { kind, capability: named };
    case 'disk-full':
      return { kind };
    default:
      if (type !== undefined && !(typeof type === 'string' && /^[A-Z_]+$/.test(type)))
        throw new Error(`type: expected an action type like REBOOT, got ${JSON.stringify(type)}`);
      return { kind, step: oneOf(steps, 'step', step), ...(type !== undefined && { type }) };
  }
}

function oneOf<T extends string>(known: readonly T[], field: string, value: unknown): T {
  const found = known.find((name) => name === value);
  if (found === undefined)
    throw new Error(`${field}: expected one of ${known.join(', ')}, got ${JSON.stringify(value)}`);
  return found;
}

function concerns(fault: Fault, capability: CapabilityName): boolean {
  if ('capability' in fault) return fault.capability === capability;
  return fault.kind === 'slow';
}

function parseFaults(environment: string | undefined): Fault[] {
  if (environment === undefined || environment === '') return [];
  try {
    const values = JSON.parse(environment);
    return (Array.isArray(values) ? values : [values]).map(parseFault);
  } catch (error) {
    throw new Error(`STB_SIMULATOR_FAULT: ${messageOf(error)}`, { cause: error });
  }
}

function describe(fault: Fault): string {
  switch (fault.kind) {
    case 'slow':
      return `${fault.capability ?? 'everything'} takes ${fault.ms} ms longer`;
    case 'fail':
      return `${fault.capability} fails`;
    case 'hang':
      return `${fault.capability} hangs`;
    case 'disk-full':
      return 'the disk is full';
    default: {
      const what = fault.kind === 'kill' ? 'the agent is killed' : 'the power is cut';
      return `${what} at ${fault.step}${fault.type ? ` of ${fault.type}` : ''}`;
    }
  }
}

function failure(capability: CapabilityName): PlatformError {
  return new PlatformError(
    failureCodes[capability] ?? 'DEVICE_FAILED',
    `${capability}: fails because the fault menu says so; clear the fault on the TV page`,
  );
}

/** Ends only by abort or close. */
async function forever(box: Box, signal: AbortSignal | undefined): Promise<void> {
  const days = 24 * 24 * 3600 * 1000;
  for (;;) await box.wait(days, signal);
}
