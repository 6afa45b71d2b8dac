/** The page that is the user interface, whatever engine shows it. */
import { PlatformError } from '../../contract.ts';
import type { Session } from './inspector.ts';
import { settled } from './rpc.ts';

export type UiPage = {
  /** `Chromium at http://127.0.0.1:9222` */
  readonly name: string;
  /** Runs JavaScript to its value, or that of the promise it returns. Rejects only when the page cannot be reached, or with the signal's reason. */
  run(js: string, signal: AbortSignal): Promise<RunOutcome>;
  /** Loads the page anew; resolves when it has loaded. Rejects DEVICE_FAILED when it could not. */
  reload(signal: AbortSignal): Promise<void>;
  /** Loads another page instead, with the same promises. */
  navigate(url: string, signal: AbortSignal): Promise<void>;
  /** Runs JavaScript at the beginning of every document from now on, instead of what was given by this name before; null ends that. */
  runInEveryDocument(name: string, js: string | null, signal: AbortSignal): Promise<void>;
  /** Calls `lost` each time the connection to the page has ended: the browser, or its page, has gone. */
  onLost(lost: () => void): void;
  /** Aborted by `close`. */
  readonly closed: AbortSignal;
  close(): void;
};

/** `gone`: the document was left while the script ran. */
export type RunOutcome = { value: unknown } | { thrown: string } | { gone: string };

/**
 * What is the same whatever engine shows the page. `connect` resolves with the session, which `open` opens when it is first used, and anew when
 * it has ended: the user interface may start after the agent, and go and come again.
 */
export function createPage(
  name: string,
  open: (signal: AbortSignal) => Promise<Session>,
): { connect(signal: AbortSignal): Promise<Session>; page: Omit<UiPage, 'run' | 'runInEveryDocument'> } {
  let current: Session | undefined;
  let opening: Promise<Session> | undefined;
  const listeners: (() => void)[] = [];
  const closing = new AbortController();
  async function connect(signal: AbortSignal): Promise<Session> {
    closing.signal.throwIfAborted();
    if (current?.isOpen()) return current;
    opening ??= open(signal).finally(() => {
      opening = undefined;
    });
    const session = await opening;
    if (session === current) return session;
    current = session;
    session.on('closed', () => {
      if (!closing.signal.aborted) for (const lost of listeners) lost();
    });
    return session;
  }
  const page = {
    name,
    reload: async (signal: AbortSignal) => loadPage(await connect(signal), { name }, signal),
    navigate: async (url: string, signal: AbortSignal) => loadPage(await connect(signal), { name, url }, signal),
    onLost: (lost: () => void) => void listeners.push(lost),
    closed: closing.signal,
    close() {
      closing.abort(new PlatformError('DEVICE_FAILED', 'the driver was closed'));
      current?.close();
    },
  };
  return { connect, page };
}

/** Loads the page anew, or another one, and waits for the new document; the same in both inspectors. */
async function loadPage(
  session: Session,
  { name, url }: { name: string; url?: string },
  signal: AbortSignal,
): Promise<void> {
  const loaded = Promise.withResolvers<void>();
  let arrived: { unreachableUrl?: string } | undefined;
  const ends = [
    session.on('Page.frameNavigated', ({ frame }) => {
      const { parentId, ...main } = frame as { parentId?: string; unreachableUrl?: string };
      if (parentId === undefined) arrived = main;
    }),
    // Before the new document has arrived this is still the old one's.
    session.on('Page.loadEventFired', () => arrived && loaded.resolve()),
    session.on('closed', () =>
      loaded.reject(
        new PlatformError('DEVICE_FAILED', `loading ${url ?? 'the page'} in ${name}: it crashed or was closed`),
      ),
    ),
  ];
  // It may fail before it is waited for.
  loaded.promise.catch(() => {});
  try {
    if (url === undefined) await session.call('Page.reload', { ignoreCache: true }, { signal });
    else await session.call('Page.navigate', { url }, { signal });
    await settled(loaded, { signal, timeoutMs: loadMs, what: `loading ${url ?? 'the page'} in ${name}` });
  } catch (error) {
    // For as long as it is waited for a server, the document that is still there answers nothing.
    await session.call('Page.stopLoading', {}, { timeoutMs: stopMs }).catch(() => {});
    throw error;
  } finally {
    for (const end of ends) end();
  }
  const unreachable = arrived?.unreachableUrl;
  if (unreachable === undefined) return;
  throw new PlatformError(
    'DEVICE_FAILED',
    `loading the page of ${name}: ${unreachable} cannot be loaded; is its server up, and the network?`,
  );
}

/** UI has a minute; a page that is slow has this. */
const loadMs = 50_000;
const stopMs = 1_000;
