/** The composition root: every part of the agent, in the order it is made. */
import { mkdirSync, rmSync } from 'node:fs';
import { flushCompileCache } from 'node:module';
import { join } from 'node:path';
import type { Logger } from 'pino';
import { openPlatform } from '../platform/index.ts';
import { definitionOf as definition } from './actions/index.ts';
import { claim } from './claim.ts';
import { createClock } from './clock.ts';
import type { Config } from './config.ts';
import { openControl } from './control.ts';
import { blockAgain, openCutOff } from './cut-off.ts';
import { messageOf } from './errors.ts';
import { createHeadendClient } from './headend-client.ts';
import { createIntrospection } from './introspection.ts';
import { keepIn } from './kept-artifact.ts';
import { openLineup } from './lineup.ts';
import { createDispatcher } from './pipeline/dispatcher.ts';
import { createFaults } from './pipeline/faults.ts';
import { createInbox } from './pipeline/inbox.ts';
import { openJournal } from './pipeline/journal.ts';
import { recover } from './pipeline/recovery.ts';
import { createReporter } from './pipeline/reporter.ts';
import { createScheduler } from './pipeline/scheduler.ts';
import { limits } from './protocol/limits.ts';
import { actionSettings, boxToken, driverSettings, headendUrl } from './settings.ts';
import { createSupervisor } from './systemd.ts';
import { createUplink } from './uplink.ts';

/** How often the journal's retention is applied. */
const pruneEveryMs = 3_600_000;

/** A running agent. */
export interface Agent {
  /** Takes over a new configuration: upstreams and action settings at once, the rest at the next start. */
  reload(config: Config): Promise<void>;
  /** Stops accepting, finishes or hands over what runs within `limits.shutdownMs`, and lets go of everything. */
  stop(): Promise<void>;
}

/** Starts the agent. Resolves when it serves; with no network it does so all the same (promise 8). */
export async function startAgent(initial: Config, log: Logger, stopped: AbortSignal): Promise<Agent> {
  let config = initial;
  let settings = actionSettings(config);
  let stopping = false;
  makeStateDirectory(config.state_dir);
  const unclaim = claim(config.state_dir);
  const file = (name: string) => join(config.state_dir, name);

  const platform = await openPlatform(config['platform.driver'], driverSettings(config, stopped));
  const identity = { ...(await platform.identity.read()), bootId: await platform.identity.bootId() };
  const faults = createFaults();
  const journal = openJournal({
    file: file('journal.db'),
    keepCount: config['journal.keep_count'],
    keepDays: config['journal.keep_days'],
    observe: platform.observe?.bind(platform),
    isFull: platform.storageFull?.bind(platform),
    mayUseReserve: (type) => definition(type)?.mayUseReserve === true,
    onSetAside: (sentence) => faults.raise('journal', sentence),
    onHealth(fault) {
      if (fault === null) faults.clear('storage');
      else faults.raise('storage', fault);
      reporter.telemetrySoon();
    },
  });
  const clock = createClock({
    seenAt: journal.seenAt(),
    synchronised: platform.identity.clockSynchronised?.bind(platform.identity),
  });
  const lineup = await openLineup(file('lineup.json'), (sentence) => faults.raise('lineup', sentence));
  const cutOff = await openCutOff(file('cut-off.json'), (sentence) => faults.raise('cut-off', sentence));
  await blockAgain(platform, cutOff, (sentence) => faults.raise('cut-off', sentence));

  const supervisor = createSupervisor(log, {
    summary: () => introspection.summary(),
    isAlive: () => introspection.isAlive(scheduler),
  });
  const introspection = createIntrospection({
    platform,
    identity,
    faults,
    journal,
    clock,
    stateDir: config.state_dir,
    upstreams: () => uplink.upstreams(),
    definition,
    cutOff,
  });
  const reporter = createReporter({ journal, clock, log: log.child({ part: 'reporter' }), ...introspection });
  const uplink = createUplink({
    box: { id: identity.id, mac: identity.mac, groups: config['box.groups'] },
    log,
    clock,
    reporter,
    telemetry: introspection.telemetry,
    receive: (bytes, source) => inbox.receive(bytes, source),
    changed: supervisor.changed,
  });
  const headend = createHeadendClient({
    url: headendUrl(config),
    get token() {
      return boxToken(config);
    },
    fallback: uplink.sendArtifact,
    channels: uplink.channels,
    log: log.child({ part: 'headend' }),
  });
  const dispatcher = createDispatcher({
    journal,
    reporter,
    clock,
    log: log.child({ part: 'dispatcher' }),
    definition,
    again: (action) => scheduler.add(action),
    stopping: () => stopping,
    context: {
      platform,
      headend,
      lineup,
      cutOff,
      settings: () => settings,
      keepArtifact: keepIn(file('screenshot.png')),
      alone: (id) => scheduler.alone(id),
      reached: () => uplink.reached(),
      workDir(id) {
        mkdirSync(file(`work/${id}`), { recursive: true });
        return file(`work/${id}`);
      },
      removeWorkDir: (id) => rmSync(file(`work/${id}`), { recursive: true, force: true }),
    },
  });
  const scheduler = createScheduler({
    clock,
    groupOf: ({ type }) => definition(type)?.group ?? null,
    run: dispatcher.run,
    expire: (action) => void dispatcher.expire(action),
    refuse: (action, error) => void dispatcher.end(action, 'refused', error),
  });
  const inbox = createInbox({
    journal,
    scheduler,
    dispatcher,
    reporter,
    clock,
    log: log.child({ part: 'inbox' }),
    boxId: identity.id,
    definition,
  });

  const recovered = log.child({ part: 'recovery' });
  await recover({ journal, scheduler, log: recovered, definition, waitsForUpstream: uplink.awaited() });
  scheduler.start();
  await uplink.use(config);
  const control = await openControl(config.state_dir, introspection.control(inbox));
  journal.prune(clock.now());
  const pruning = setInterval(() => journal.prune(clock.now()), pruneEveryMs);
  supervisor.ready();
  log.info({ box: identity.id, driver: platform.driver, bootId: identity.bootId }, 'agent ready');
  // Where NODE_COMPILE_CACHE is set, Node keeps the compiled code at a clean exit, which a box that loses its power never has.
  flushCompileCache();

  return {
    async reload(next) {
      settings = actionSettings(next);
      config = next;
      await uplink.use(next);
      log.info(
        'configuration reloaded; changes of box, platform, state_dir, headend and journal take effect at the next start',
      );
    },
    async stop() {
      stopping = true;
      supervisor.stopping();
      clearInterval(pruning);
      await uplink.finishTaking();
      inbox.close();
      await scheduler.stop(limits.shutdownMs * 0.7);
      await uplink.stop(() => journal.counts().unreported === 0);
      reporter.stop();
      supervisor.close();
      await control.close();
      await platform.close();
      journal.close();
      unclaim();
      log.info('agent stopped');
    },
  };
}

function makeStateDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (cause) {
    const reason = messageOf(cause);
    throw new Error(`state_dir = ${JSON.stringify(path)}: cannot be made: ${reason}; choose another`, { cause });
  }
}
