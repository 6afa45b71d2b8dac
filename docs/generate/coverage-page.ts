import { type Coverage, coverage } from './coverage.ts';
import { code, page, table } from './markdown.ts';

/** `docs/api-coverage.md`: every call of the operators' documents, a row each. */
export function coveragePage(): string {
  return page(
    '# What of the operators’ APIs is built',
    'Every call of the documents that the headend was made from: where it is, and the test that calls it. Made from `docs/generate/coverage.ts`; a test holds it against the routes that the headend really has, so that it cannot go stale.',
    count(),
    ...coverage.flatMap(({ title, about, calls }) => [
      `## ${title}`,
      about,
      table(['call', 'route', 'where', 'tested by', 'note'], calls.map(row)),
    ]),
  );
}

function row(one: Coverage): string[] {
  if ('notBuilt' in one) return [one.call, '–', '**not built**', '–', one.notBuilt];
  return [one.call, code(one.route), link(one.file), link(one.test), one.note ?? ''];
}

function count(): string {
  const calls = coverage.flatMap((document) => document.calls);
  const built = calls.filter((one) => !('notBuilt' in one)).length;
  return `${built} calls are built, ${calls.length - built} are not: archive, recordings, program search, profiles, watch lists and streaming services.`;
}

function link(file: string): string {
  return `[${file.split('/').at(-1)}](../${file})`;
}
