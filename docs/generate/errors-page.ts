import { type ErrorCode, errorTable } from '../../agent/errors.ts';
import { code, page, table } from './markdown.ts';

const intro = `# Error codes

What a report's \`error.code\` says. \`error.message\` says what was tried, with what, and what to do; \`error.retryable\` says whether asking again later may help. An action
that is \`refused\` had no effect; one that \`failed\` may have had some, and its \`result\` says what is known. This page is made from \`agent/errors.ts\`.`;

/** The state in which an action with this code ends. */
function stateOf(name: ErrorCode): string {
  if (name === 'CANCELLED' || name === 'EXPIRED') return name.toLowerCase();
  return errorTable[name].refusal ? 'refused' : 'failed';
}

/** The list of every code. */
export function errorsPage(): string {
  const names = Object.keys(errorTable) as ErrorCode[];
  const rows = names.map((name) => {
    const { sentence, retryable } = errorTable[name];
    return [code(name), code(stateOf(name)), retryable ? 'yes' : 'no', sentence];
  });
  return page(intro, table(['code', 'ends as', 'try again later', 'meaning'], rows));
}
