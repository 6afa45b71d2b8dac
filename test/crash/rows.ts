import { type ActionType, actionTypes } from '../../agent/protocol/params.ts';
import { type UpstreamKind, upstreamKinds } from '../support/agent-process.ts';
import { createRandom } from '../support/seed.ts';
import { type Case, cases } from './cases.ts';

/** One way to die: the agent is killed on one side of a step of the journal, while an action of one type is under way. */
export type Row = {
  type: ActionType;
  upstream: UpstreamKind;
  /** As the platform's `observe` is told, `journal.finish.before`. */
  step: string;
  /** The step is passed that many times before. */
  passed: number;
  expected: Expected;
};

/** What the headend must hear in the end, and how often the effect may have happened. */
export type Expected = { state: 'done' | 'failed'; code?: 'INTERRUPTED'; effects: number };

type Death = { step: string; passed?: number; expected: Expected };

const done: Expected = { state: 'done', effects: 1 };
const notBegun: Expected = { state: 'failed', code: 'INTERRUPTED', effects: 0 };
const uncertain: Expected = { state: 'failed', code: 'INTERRUPTED', effects: 1 };
const twice: Expected = { state: 'done', effects: 2 };

/** Every death of an action, in the order of its life, with what must come of it. */
function deathsOf(type: ActionType, { recovery }: Case): Death[] {
  const tells = type === 'MESSAGE';
  const afterEffect = { repeats: twice, settles: done, interrupts: uncertain }[recovery];
  return [
    { step: 'journal.accept.before', expected: done },
    { step: 'journal.accept.after', expected: done },
    { step: 'journal.begin.before', expected: done },
    { step: 'journal.begin.after', expected: recovery === 'repeats' ? done : notBegun },
    ...(type === 'FIRMWARE' ? firmwareDeaths : []),
    ...(tells ? messageDeaths : []),
    { step: 'journal.finish.before', expected: tells ? done : afterEffect },
    { step: 'journal.finish.after', expected: done },
    { step: 'journal.acknowledge.before', expected: done },
    { step: 'journal.acknowledge.after', expected: done },
  ];
}

/** An upgrade notes twice how far it is: before the flash is written, and after. From then on it is carried through. */
const firmwareDeaths: Death[] = [
  { step: 'journal.remember.before', expected: notBegun },
  { step: 'journal.remember.after', expected: notBegun },
  { step: 'journal.remember.before', passed: 1, expected: done },
  { step: 'journal.remember.after', passed: 1, expected: done },
];

/** A message is told to be done when it is on the screen, and stays so. */
const messageDeaths: Death[] = [
  { step: 'journal.tell.before', expected: uncertain },
  { step: 'journal.tell.after', expected: done },
];

/** The whole table; the rows take turns in the upstreams. */
export function allRows(): Row[] {
  const deaths = actionTypes.flatMap((type) => deathsOf(type, cases[type]).map((death) => ({ type, ...death })));
  return deaths.map(({ passed = 0, ...death }, index) => ({
    ...death,
    passed,
    upstream: upstreamKinds[index % upstreamKinds.length] as UpstreamKind,
  }));
}

/** One row of each type, chosen by the seed. */
export function sampleRows(seed: number): Row[] {
  const random = createRandom(seed);
  const rows = allRows();
  return actionTypes.map((type) => {
    const own = rows.filter((row) => row.type === type);
    return own[random(own.length)] as Row;
  });
}

/** A row as a sentence. */
export function titleOf({ type, upstream, step, passed, expected }: Row): string {
  const [, name, side] = step.split('.');
  const which = passed > 0 ? `the next ${name}` : name;
  const times = ['never', 'once', 'twice'][expected.effects];
  const heard = expected.code === undefined ? expected.state : `${expected.state} as ${expected.code}`;
  return `${type} over ${upstream}, killed ${side} ${which}: it happened ${times}, and the headend hears ${heard}`;
}
