/** A user interface in Chromium, over the Chrome DevTools Protocol. */
import { PlatformError } from '../../contract.ts';
import { fetchText, openSession, type Session, trimmed } from './inspector.ts';
import type { DomKey } from './key-sets.ts';
import { createPage, type RunOutcome, type UiPage } from './page.ts';

export type ChromiumPage = UiPage & {
  /** The page as it is composed now, as a PNG. A picture in a hardware plane, as of video, is not in it. */
  screenshot(signal: AbortSignal): Promise<Buffer>;
  press(key: DomKey, signal: AbortSignal): Promise<void>;
};

/** Where Chromium listens when it is told to and nothing else is said. */
export const usualCdpUrl = 'http://127.0.0.1:9222';
const askMs = 2_000;

/** `Chrome/139.0…` of the browser that answers there; rejects DEVICE_FAILED when none does. */
export async function askChromium(cdpUrl: string): Promise<string> {
  const answer = JSON.parse(await fetchText(`${trimmed(cdpUrl)}/json/version`, askMs)) as { Browser?: string };
  return answer.Browser ?? 'a browser';
}

export function createChromiumPage(cdpUrl: string): ChromiumPage {
  const name = `Chromium at ${trimmed(cdpUrl)}`;
  const scripts = createDocumentScripts();

  const { connect, page } = createPage(name, async (signal) => {
    const session = await openSession(await findPage(cdpUrl, signal), signal);
    session.on('Page.javascriptDialogOpening', ({ type }) => answerDialog(session, type));
    await enable(session, signal);
    await scripts.addAll(session, signal);
    return session;
  });

  return {
    ...page,
    async run(js, signal) {
      const session = await connect(signal);
      const params = { expression: js, awaitPromise: true, returnByValue: true, userGesture: true };
      try {
        return outcomeOf(await session.call('Runtime.evaluate', params, { signal, timeoutMs: 0 }));
      } catch (error) {
        if (signal.aborted && session.isOpen()) await freeUp(session);
        signal.throwIfAborted();
        if (isGone(error)) return { gone: error.message };
        if (isNotJson(error)) return { thrown: 'nothing, but its value is not JSON; return less of it' };
        throw error;
      }
    },
    async runInEveryDocument(name, js, signal) {
      await scripts.set(await connect(signal), name, js, signal);
    },
    async screenshot(signal) {
      const session = await connect(signal);
      const { data } = await session.call('Page.captureScreenshot', { format: 'png' }, { signal });
      return Buffer.from(String(data), 'base64');
    },
    async press(key, signal) {
      const session = await connect(signal);
      const event = keyEvent(key);
      await session.call(
        'Input.dispatchKeyEvent',
        { ...event, type: event.text ? 'keyDown' : 'rawKeyDown' },
        { signal },
      );
      await session.call('Input.dispatchKeyEvent', { ...event, text: undefined, type: 'keyUp' }, { signal });
    },
  };
}

/** The parameters of Input.dispatchKeyEvent; modifiers: alt is 1, shift is 8. Only what types something has a text. */
export function keyEvent({ key, code, keyCode, alt, shift }: DomKey) {
  const text = key === 'Enter' ? '\r' : key.length === 1 ? key : undefined;
  return {
    key,
    code,
    windowsVirtualKeyCode: keyCode,
    nativeVirtualKeyCode: keyCode,
    modifiers: (alt ? 1 : 0) + (shift ? 8 : 0),
    ...(text !== undefined && !alt && { text }),
  };
}

/** The first page of `/json/list`: a kiosk has one. Its WebSocket is taken at the address that was configured. */
async function findPage(cdpUrl: string, signal: AbortSignal): Promise<string> {
  const targets = JSON.parse(await fetchText(`${trimmed(cdpUrl)}/json/list`, askMs, signal)) as {
    type?: string;
    webSocketDebuggerUrl?: string;
  }[];
  const page = targets.find(({ type, webSocketDebuggerUrl }) => type === 'page' && webSocketDebuggerUrl !== undefined);
  if (page?.webSocketDebuggerUrl === undefined) {
    throw new PlatformError(
      'DEVICE_FAILED',
      `Chromium at ${trimmed(cdpUrl)} shows no page; start it with the address of the user interface`,
    );
  }
  return `${trimmed(cdpUrl).replace(/^http/, 'ws')}${new URL(page.webSocketDebuggerUrl).pathname}`;
}

/** The scripts that run at the beginning of every document. Chromium knows them by a number, for as long as the session lasts. */
function createDocumentScripts() {
  const sources = new Map<string, string>();
  const identifiers = new WeakMap<Session, Map<string, unknown>>();
  const add = async (session: Session, name: string, source: string, signal: AbortSignal) => {
    const { identifier } = await session.call('Page.addScriptToEvaluateOnNewDocument', { source }, { signal });
    identifiers.set(session, (identifiers.get(session) ?? new Map()).set(name, identifier));
  };
  return {
    async addAll(session: Session, signal: AbortSignal) {
      for (const [name, source] of sources) await add(session, name, source, signal);
    },
    async set(session: Session, name: string, source: string | null, signal: AbortSignal) {
      const identifier = identifiers.get(session)?.get(name);
      identifiers.get(session)?.delete(name);
      sources.delete(name);
      if (identifier !== undefined)
        await session.call('Page.removeScriptToEvaluateOnNewDocument', { identifier }, { signal });
      if (source === null) return;
      await add(session, name, source, signal);
      sources.set(name, source);
    },
  };
}

/** A page that has crashed answers nothing before it is loaded again; one that crashes later ends its session. */
async function enable(session: Session, signal: AbortSignal): Promise<void> {
  let mayReload = true;
  session.on('Inspector.targetCrashed', () => {
    if (!mayReload) return session.close();
    mayReload = false;
    void session.call('Page.reload', {}, { signal }).catch(() => {});
  });
  // The first of them to be sent is the one that tells of a crash before.
  await session.call('Inspector.enable', {}, { signal });
  await session.call('Page.enable', {}, { signal });
  mayReload = false;
}

/** A dialog holds up its page and everything that is asked of it, and a remote control may have no keys for it. */
function answerDialog(session: Session, type: unknown): void {
  const accept = type === 'alert' || type === 'beforeunload';
  void session.call('Page.handleJavaScriptDialog', { accept }).catch(() => {});
}

/**
 * Ends a script that runs on, so that the page answers again. Only where it does not answer: without a script that runs, the next one
 * of the page's own would be ended instead.
 */
async function freeUp(session: Session): Promise<void> {
  const answers = await session.call('Runtime.evaluate', { expression: '1' }, { timeoutMs: aliveMs }).then(
    () => true,
    () => false,
  );
  if (!answers) await session.call('Runtime.terminateExecution', {}, { timeoutMs: aliveMs }).catch(() => {});
}

const aliveMs = 500;

type Evaluated = {
  /** A number that JSON cannot hold is in `unserializableValue`. */
  result?: { type?: string; value?: unknown; unserializableValue?: string };
  exceptionDetails?: { text?: string; exception?: { description?: string; value?: unknown } };
};

export function outcomeOf({ result, exceptionDetails }: Evaluated): RunOutcome {
  if (exceptionDetails === undefined) return { value: result?.value ?? result?.unserializableValue ?? null };
  const { text = 'an exception', exception } = exceptionDetails;
  const thrown = exception?.description ?? (exception && 'value' in exception ? JSON.stringify(exception.value) : text);
  return { thrown };
}

/** Chromium's words for a document that was left. */
function isGone(error: unknown): error is Error {
  return (
    error instanceof Error &&
    /navigated or closed|context was destroyed|Cannot find context|closed the connection/.test(error.message)
  );
}

/** And for a value that JSON cannot hold. */
function isNotJson(error: unknown): error is Error {
  return error instanceof Error && /reference chain is too long|couldn't be returned by value/i.test(error.message);
}
