/** `kill -9` of the agent around every step in the life of an event, under a portal that forgets commands and repeats messages. */
import { describe, expect, test } from 'vitest';
import type { BoxEventName, Fault } from '../../platform/drivers/simulator/index.ts';
import type { AgentProcess } from '../support/agent-process.ts';
import { createPortalAgent } from '../support/portal-agent.ts';
import type { NewEvent } from '../support/portal-queue.ts';
import { createRandom, testSeed } from '../support/seed.ts';
import { until } from '../support/until.ts';

const message: NewEvent = { event: 'send_msg', msg: 'Lunch', auto_hide_timeout: 1 };
const rebootingMessage: NewEvent = { ...message, reboot_after_ok: 1 };
/** A message that stays until the viewer closes it. */
const lasting = (event: NewEvent): NewEvent => ({ ...event, auto_hide_timeout: 0 });
const command: NewEvent = { event: 'reboot' };
const repeatable: NewEvent = { event: 'play_channel', msg: '10' };

/** What is killed where, how often its effect is then seen on the box, and in which state the action ends; no state: it was lost. */
type Row = [
  what: string,
  event: NewEvent,
  type: string,
  step: string,
  Partial<Record<BoxEventName, number>>,
  ends?: string,
];

const rows: Row[] = [
  // The portal forgot the command as it handed it out, and nothing of it was on disk: nobody can bring it back.
  ['a command that was read and not stored is lost', command, 'REBOOT', 'accept.before', { reboot: 0 }],
  ['a stored command runs once', command, 'REBOOT', 'accept.after', { reboot: 1 }, 'done'],
  ['a stored command runs once', command, 'REBOOT', 'begin.before', { reboot: 1 }, 'done'],
  ['a begun command is not run again', command, 'REBOOT', 'begin.after', { reboot: 0 }, 'failed'],
  ['a reboot that happened is proven', command, 'REBOOT', 'finish.before', { reboot: 1 }, 'done'],
  ['a command that ended is over', command, 'REBOOT', 'acknowledge.before', { reboot: 1 }, 'done'],
  ['a stored command that may run twice runs', repeatable, 'PLAYNUMBER', 'accept.after', { play: 1 }, 'done'],
  ['a begun command that may run twice runs again', repeatable, 'PLAYNUMBER', 'begin.after', { play: 1 }, 'done'],
  ['a message that was not stored comes again', message, 'MESSAGE', 'accept.before', { message: 1 }, 'done'],
  ['a stored message is shown once', message, 'MESSAGE', 'accept.after', { message: 1 }, 'done'],
  ['a message that had begun comes again and is shown', message, 'MESSAGE', 'begin.after', { message: 1 }, 'done'],
  [
    'a message that nobody knows the end of is shown again',
    message,
    'MESSAGE',
    'finish.before',
    { message: 2 },
    'done',
  ],
  [
    'a message that has ended is confirmed, not shown again',
    message,
    'MESSAGE',
    'finish.after',
    { message: 1 },
    'done',
  ],
  ['a message that is on the screen comes again', message, 'MESSAGE', 'acknowledge.before', { message: 2 }, 'done'],
  ['a confirmed message is not shown again', lasting(message), 'MESSAGE', 'acknowledge.before', { message: 1 }, 'done'],
  [
    'the restart after a message comes though the agent died before it',
    rebootingMessage,
    'MESSAGE',
    'finish.after',
    { message: 1, reboot: 1 },
    'done',
  ],
  [
    'the restart after a confirmed message is not lost before it is stored',
    rebootingMessage,
    'REBOOT',
    'accept.before',
    { message: 1, reboot: 1 },
    'done',
  ],
  [
    'the restart after a message comes once',
    lasting(rebootingMessage),
    'MESSAGE',
    'acknowledge.before',
    { message: 1, reboot: 1 },
    'done',
  ],
];

const isWhole = process.env.STB_TEST_FULL === '1';

describe.concurrent('kill -9 of the agent under a portal', () => {
  test.for(isWhole ? rows : sampleOf(rows))(
    '%s (%#)',
    async ([, event, type, step, effects, ends], { onTestFinished }) => {
      const { portal, agent } = await createPortalAgent(onTestFinished);
      const fault: Fault = { kind: 'kill', step: `journal.${step}`, type };
      const isClosed = event.auto_hide_timeout === 0;
      await agent.start(isClosed ? undefined : fault);
      const id = portal.send(event);
      if (isClosed) await close(agent, fault);
      expect(await agent.ended()).toEqual({ code: null, signal: 'SIGKILL' });
      await agent.start();
      await until(() => portal.box.queue.find(id)?.ended, 'the portal to have the event behind it');
      for (const [name, count] of Object.entries(effects)) {
        await until(() => agent.events(name as BoxEventName).length >= count, `${count} × ${name}`);
      }
      await until(() => agent.idle().then(() => true), 'the agent to be idle');

      // Polls on for a while: nothing of it comes again.
      const polls = portal.asked('get_events').length;
      await until(() => portal.asked('get_events').length > polls + 2);
      await agent.idle();
      for (const [name, count] of Object.entries(effects)) {
        expect([name, agent.events(name as BoxEventName).length]).toEqual([name, count]);
      }
      const [last] = (await agent.status()).recent.filter((action) => action.id.startsWith(`ministra:${id}:`));
      expect(last?.state).toBe(ends);
      expect(portal.asked('handshake')).toHaveLength(1);
    },
  );
});

/** Closes the message on the screen as a viewer does, when all that was said of it before is settled; then the fault may strike. */
async function close(agent: AgentProcess, fault: Fault): Promise<void> {
  await until(async () => {
    const { recent, queue } = await agent.status();
    return recent[0]?.state === 'done' && queue.running === 1 && queue.unreported === 0;
  }, 'the message to be on the screen');
  await agent.tv.fault(fault);
  await agent.tv.press('OK');
}

/** Some of the rows, chosen by the seed. */
function sampleOf(all: readonly Row[]): Row[] {
  const seed = testSeed();
  const random = createRandom(seed);
  const rest = [...all];
  const chosen = Array.from({ length: 5 }, () => rest.splice(random(rest.length), 1)[0]!);
  console.log(`portal crash table: a sample of ${chosen.length} rows of ${all.length}, STB_TEST_SEED=${seed}`);
  return chosen;
}
