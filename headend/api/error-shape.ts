import type { ErrorBody } from '../errors.ts';
import { failure, toJson } from './ministra/answer.ts';

/** How an API writes its errors. */
export type ErrorShape = { type: string; write(error: ErrorBody): string };

const documented: ErrorShape = { type: 'application/json; charset=utf-8', write: (error) => JSON.stringify(error) };

/** The APIs that have a shape of their own, by the path below which they are. */
const others: readonly [path: string, shape: ErrorShape][] = [
  [
    '/stalker_portal/api',
    { type: 'application/json', write: ({ description }) => toJson(failure(null, description)).toString() },
  ],
  // A box of a portal reads its errors as text.
  ['/stalker_portal', { type: 'text/plain; charset=utf-8', write: ({ description }) => description }],
];

/** The shape of the API that a URL is of, whether or not it has such a route. */
export function errorShapeOf(url: string | undefined): ErrorShape {
  const path = url?.split('?')[0] ?? '';
  const isBelow = (prefix: string) => path === prefix || path.startsWith(`${prefix}/`);
  return others.find(([prefix]) => isBelow(prefix))?.[1] ?? documented;
}
