import { MinistraError } from '../../ministra/errors.ts';
import { type IdentifierKind, resolve } from '../../ministra/identifiers.ts';
import { ministraLimits } from '../../ministra/limits.ts';
import type { Box } from '../../store/boxes.ts';
import type { Store } from '../../store/store.ts';
import { type Form, parseForm } from './form.ts';

/** What a method does with a resource; the names stand in the error texts. */
export const methods = { GET: 'get', POST: 'create', PUT: 'update', DELETE: 'delete' } as const;
export type RestAction = (typeof methods)[keyof typeof methods];

/** `HTTP_METHOD /RESOURCE/[IDENTIFIERS]` and its form. */
export type RestRequest = { action: RestAction; resource: string; identifiers: string[]; form: Form };

/** A documented resource: what it answers to each method that it has, as `results`. Throws MinistraError. */
export type Resource = { readonly [A in RestAction]?: (request: RestRequest) => unknown };

/** Reads a request. `path` is what follows `/api/`, as it was sent. Throws MinistraError. */
export function readRequest(method: string, path: string, body: string): RestRequest {
  const [resource = '', identifiers = ''] = path.split('/').map(decodePart);
  if (resource === '') throw new MinistraError('Empty resource');
  if (!Object.hasOwn(methods, method)) throw new MinistraError('Not supported method');
  return {
    action: methods[method as keyof typeof methods],
    resource,
    // An empty one in a list means no box; only no list at all means every box.
    identifiers: identifiers === '' ? [] : identifiers.split(','),
    form: parseForm(body),
  };
}

/** Throws unless the request has fields, at least one of `names`, and none of them too long; in the words of Ministra. */
export function requireFields({ action, form }: RestRequest, names: readonly string[]): void {
  const isUpdate = action === 'update';
  if (form.size === 0) throw new MinistraError(`HTTP ${isUpdate ? 'PUT' : 'POST'} data is empty`);
  if (!names.some(form.has)) throw new MinistraError(`${isUpdate ? 'Update' : 'Insert'} data is empty`);
  const long = names.find((name) => form.text(name).length > ministraLimits.textLength);
  if (long !== undefined) throw new MinistraError(`Not valid ${long}: longer than ${ministraLimits.textLength}`);
}

/** Throws unless the request has an identifier, and one only where `single`. */
export function requireIdentifier({ identifiers }: RestRequest, options: { single?: boolean } = {}): void {
  if (identifiers.length === 0) throw new MinistraError('Identifier required');
  if (options.single && identifiers.length > 1) throw new MinistraError('Only one identifier allowed');
}

/** The set-top boxes that a request names; all of them where it names none. */
export function namedBoxes(store: Store, { identifiers }: RestRequest, kind: IdentifierKind = 'account'): Box[] {
  if (identifiers.length === 0) return store.boxes.stbs();
  return resolve(store, identifiers, kind).boxes.flatMap((id) => store.boxes.get(id) ?? []);
}

/** A flag of a form: 1 or 0. Throws MinistraError that names the field. */
export function readFlag(form: Form, name: string): boolean {
  const text = form.text(name).trim().toLowerCase();
  if (['1', 'true', 'on'].includes(text)) return true;
  if (['0', 'false', 'off', ''].includes(text)) return false;
  throw new MinistraError(`Not valid ${name}`);
}

/** A whole number of a form, 0 for a missing one. Throws MinistraError that names the field. */
export function readNumber(form: Form, name: string, max = 1_000_000_000): number {
  const text = form.text(name).trim();
  if (/^\d{0,10}$/.test(text) && Number(text) <= max) return Number(text);
  throw new MinistraError(`Not valid ${name}`);
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
