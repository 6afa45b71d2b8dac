/** A user interface in WPE WebKit (Cog), over its remote inspector: JavaScript and reload. It has no keys and no trustworthy picture. */
import { PlatformError } from '../../contract.ts';
import { closedEvent, fetchText, openSession, type Session, trimmed } from './inspector.ts';
import { createPage, type RunOutcome, type UiPage } from './page.ts';
import { createRpc, settled } from './rpc.ts';

const askMs = 2_000;
const targetMs = 5_000;

/** Resolves when an inspector answers there; rejects DEVICE_FAILED when none does. */
export async function askWebKit(inspectorUrl: string): Promise<void> {
  await fetchText(`${trimmed(inspectorUrl)}/`, askMs);
}

export function createWebKitPage(inspectorUrl: string): UiPage {
  const url = trimmed(inspectorUrl);
  const name = `WPE WebKit at ${url}`;
  const scripts = new Map<string, string>();
  const { connect, page } = createPage(name, async (signal) => {
    const path = parseTarget(await fetchText(`${url}/`, askMs, signal));
    if (path === undefined) {
      throw new PlatformError('DEVICE_FAILED', `${name} lists no page; give it the address of the user interface`);
    }
    const socketUrl = `${url.replace(/^http/, 'ws')}${path}`;
    // WebKit may not have noticed yet that whoever was here before has gone.
    const session = await enterTarget(socketUrl, name, signal).catch(() => enterTarget(socketUrl, name, signal));
    await session.call('Page.enable', {}, { signal });
    if (scripts.size > 0) await setScripts(session, scripts, signal);
    return session;
  });
  return {
    ...page,
    async run(js, signal) {
      const session = await connect(signal);
      try {
        return await evaluate(session, js, signal);
      } catch (error) {
        signal.throwIfAborted();
        if (isGone(error)) return { gone: error.message };
        if (isNotJson(error)) return { thrown: 'nothing, but its value is not JSON; return less of it' };
        throw error;
      }
    },
    async runInEveryDocument(name, js, signal) {
      scripts.delete(name);
      if (js !== null) scripts.set(name, js);
      await setScripts(await connect(signal), scripts, signal);
    },
  };
}

/** WebKit has one script for all. */
async function setScripts(session: Session, scripts: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
  await session.call('Page.setBootstrapScript', { source: [...scripts.values()].join(';\n') }, { signal });
}

/** The path of the first page's WebSocket, in the list that the inspector's HTTP server shows people: `/socket/1/1/WebPage`. */
export function parseTarget(html: string): string | undefined {
  return /'(\/socket\/\d+\/\d+\/WebPage)'/.exec(html)?.[1];
}

/** What is said to the page is wrapped in messages to its target, which changes when a navigation changes the process. */
async function enterTarget(url: string, name: string, signal: AbortSignal): Promise<Session> {
  const known = Promise.withResolvers<void>();
  let targetId: string | undefined;
  const inner = createRpc(name, (message) => {
    outer.call('Target.sendMessageToTarget', { targetId, message }).catch((error) => inner.drop(error.message));
  });
  const outer = await openSession(url, signal, (session) => {
    session.on('Target.targetCreated', ({ targetInfo }) => {
      const target = targetInfo as { targetId: string; type: string; isProvisional?: boolean };
      if (target.type !== 'page' || target.isProvisional) return;
      targetId = target.targetId;
      known.resolve();
    });
    session.on('Target.didCommitProvisionalTarget', ({ newTargetId }) => {
      targetId = String(newTargetId);
      inner.drop('the document was left');
    });
    session.on('Target.dispatchMessageFromTarget', ({ message }) => inner.receive(String(message)));
    session.on('closed', () => {
      inner.drop('the user interface closed the connection');
      inner.receive(closedEvent);
    });
  });
  // WebKit never answers what the document before was asked to wait for.
  inner.on('Page.frameNavigated', ({ frame }) => {
    if ((frame as { parentId?: string }).parentId === undefined) inner.drop('the document was left');
  });
  try {
    await settled(known, { signal, timeoutMs: targetMs, what: `looking for the page of ${name}` });
  } catch (error) {
    // It serves one at a time: what is left open would keep the next one out.
    outer.close();
    throw error;
  }
  return { call: inner.call, on: inner.on, isOpen: outer.isOpen, close: outer.close };
}

type Evaluated = {
  wasThrown?: boolean;
  result?: { type?: string; className?: string; objectId?: string; value?: unknown; description?: string };
};

/** WebKit awaits a promise in a second step. */
async function evaluate(session: Session, js: string, signal: AbortSignal): Promise<RunOutcome> {
  const options = { signal, timeoutMs: 0 };
  const first: Evaluated = await session.call(
    'Runtime.evaluate',
    { expression: js, emulateUserGesture: true },
    options,
  );
  const { objectId, className } = first.result ?? {};
  if (first.wasThrown || objectId === undefined) return outcomeOf(first);
  if (className === 'Promise') {
    const params = { promiseObjectId: objectId, returnByValue: true };
    return outcomeOf(await session.call('Runtime.awaitPromise', params, options));
  }
  const params = { objectId, functionDeclaration: 'function () { return this; }', returnByValue: true };
  return outcomeOf(await session.call('Runtime.callFunctionOn', params, options));
}

export function outcomeOf({ wasThrown, result }: Evaluated): RunOutcome {
  // A number that JSON cannot hold has a description alone.
  const isNumber = result?.type === 'number' || result?.type === 'bigint';
  if (!wasThrown) return { value: result?.value ?? (isNumber ? result.description : undefined) ?? null };
  return { thrown: result?.description ?? JSON.stringify(result?.value) ?? 'an exception' };
}

function isGone(error: unknown): error is Error {
  return (
    error instanceof Error &&
    /document was left|closed the connection|target.*not found|no such target|missing injected script/i.test(
      error.message,
    )
  );
}

function isNotJson(error: unknown): boolean {
  return error instanceof Error && error.message.includes('too long reference chain');
}
