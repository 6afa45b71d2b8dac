import { type ReadonlySignal, signal } from '@preact/signals';

/** Where the viewer is: `#/boxes/17?tab=act` is the path `['boxes', '17']` with a query. */
export type Route = { path: string[]; query: URLSearchParams };

export type Router = {
  route: ReadonlySignal<Route>;
  go(path: string, query?: Record<string, string | undefined>): void;
  /** Changes the query where the viewer is, without a step in the history. */
  setQuery(query: URLSearchParams): void;
};

/** Everything the viewer sees is in the part after `#`, so the server serves one page and a link can be sent to a colleague. */
export function createRouter(): Router {
  const route = signal(parse(location.hash));
  addEventListener('hashchange', () => {
    route.value = parse(location.hash);
  });
  return {
    route,
    go(path, query = {}) {
      location.hash = href(path, query);
    },
    setQuery(query) {
      const text = query.toString();
      const hash = `#/${route.value.path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
      history.replaceState(null, '', hash);
      route.value = parse(hash);
    },
  };
}

/** A link within the console. */
export function href(path: string, query: Record<string, string | undefined> = {}): string {
  const pairs = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const text = new URLSearchParams(pairs).toString();
  return `#${path}${text === '' ? '' : `?${text}`}`;
}

function parse(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  return { path: path.split('/').filter(Boolean).map(decode), query: new URLSearchParams(query) };
}

/** A part of a path; as it stands where it was mangled on its way. */
function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
