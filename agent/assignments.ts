import { actionTypes, boxParamSchemas, isBoxActionType } from './protocol/params.ts';
import { UsageError } from './usage-error.ts';

/** The parameters that are lists or numbers or booleans; all others are text. */
const numbers = new Set(['volume', 'number', 'port', 'duration', 'lifetime', 'gap']);
const lists = new Set(['keys']);
const booleans = new Set(['repeat']);

/** `['volume=30']` as parameters of an action type. Throws a UsageError that says what is wrong. */
export function parseAssignments(type: string, assignments: readonly string[]): Record<string, unknown> {
  if (!isBoxActionType(type)) throw new UsageError(`do: no action type ${type}; there are ${actionTypes.join(', ')}`);
  const names = Object.keys(boxParamSchemas[type].entries);
  const params: Record<string, unknown> = {};
  for (const assignment of assignments) {
    const at = assignment.indexOf('=');
    const name = assignment.slice(0, at);
    if (at < 1) throw new UsageError(`do ${type}: ${assignment}: expected name=value`);
    if (!names.includes(name)) {
      throw new UsageError(
        `do ${type}: no parameter ${name}; there ${names.length > 0 ? `is ${names.join(', ')}` : 'are none'}`,
      );
    }
    if (name in params) throw new UsageError(`do ${type}: ${name} is given twice`);
    params[name] = fromText(name, assignment.slice(at + 1));
  }
  return params;
}

function fromText(name: string, text: string): unknown {
  if (numbers.has(name) && text.trim() !== '' && Number.isFinite(Number(text))) return Number(text);
  if (lists.has(name)) return text.split(',').map((item) => item.trim());
  if (booleans.has(name) && (text === 'true' || text === 'false')) return text === 'true';
  return text;
}
