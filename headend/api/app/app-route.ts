import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type * as v from 'valibot';
import { isTime } from '../../../agent/protocol/messages.ts';
import { ApiError, invalid } from '../../errors.ts';
import { describe } from '../openapi.ts';
import type { Raw } from '../telecomx/action-parameters.ts';
import { rawOf } from '../telecomx/action-request.ts';

/** One call of the App API. */
export type AppCall = {
  path: string;
  summary: string;
  description?: string;
  params?: v.GenericSchema;
  /** What it takes, in the query of a GET or the body of a POST. */
  fields?: v.GenericSchema;
  answer?: v.GenericSchema;
  errors?: readonly number[];
  /** Whether it may be called without a token. */
  open?: boolean;
};

/**
 * Serves a call by GET and by POST, with the same fields in the query or the body: that way the token can be presented in all four ways on each,
 * as Telecom X's App API has it.
 */
export function appRoute(
  app: FastifyInstance,
  { path, fields, ...about }: AppCall,
  answer: (request: FastifyRequest, given: Raw, reply: FastifyReply) => unknown,
): void {
  const described = { tag: 'App', ...about } as const;
  const handle = async (request: FastifyRequest, reply: FastifyReply) => answer(request, rawOf(request), reply);
  app.get(path, describe({ ...described, ...(fields === undefined ? {} : { query: fields }) }), handle);
  app.post(path, describe({ ...described, ...(fields === undefined ? {} : { body: fields }) }), handle);
}

/** A text of at most `max` characters; undefined when it is missing or blank. Throws 422 when it is something else. */
export function textOf(given: Raw, field: string, max = 200): string | undefined {
  const value = given[field];
  if (value === undefined || value === null) return undefined;
  const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : undefined;
  if (text === undefined || text.length > max) throw invalid(field, `${capitalised(field)} is missing or invalid`);
  return text === '' ? undefined : text;
}

/** The same, and 422 in Telecom X's words where it is missing. */
export function requiredText(given: Raw, field: string, max = 200): string {
  const text = textOf(given, field, max);
  if (text === undefined) throw invalid(field, `${capitalised(field)} is missing or invalid`);
  return text;
}

/** A password as it stands, for spaces at its ends are part of it; undefined when it is missing. Throws 422 when it is something else. */
export function passwordOf({ password }: Raw): string | undefined {
  if (password === undefined || password === null || password === '') return undefined;
  const text = typeof password === 'string' || typeof password === 'number' ? String(password) : undefined;
  if (text === undefined || text.length > 200) throw invalid('password', 'Password is missing or invalid');
  return text;
}

/** An instant as RFC 3339, a date, or milliseconds since 1970. Throws 422 in Telecom X's words. */
export function instantOf(given: Raw, field: string): number | undefined {
  const text = textOf(given, field, 40);
  if (text === undefined) return undefined;
  const ms = /^\d{12,14}$/.test(text)
    ? Number(text)
    : /^\d{4}-\d\d-\d\d/.test(text) && isTime(text)
      ? Date.parse(text)
      : Number.NaN;
  if (!Number.isFinite(ms)) throw invalid(field, `${capitalised(field)} is invalid`);
  return ms;
}

/** A whole number within bounds, or the fallback. Throws 422. */
export function countOf(given: Raw, field: string, bounds: { min: number; max: number; fallback: number }): number {
  const text = textOf(given, field, 20);
  if (text === undefined) return bounds.fallback;
  const count = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (!(count >= bounds.min && count <= bounds.max)) throw invalid(field, `${capitalised(field)} is invalid`);
  return count;
}

export function isTrue(value: unknown): boolean {
  return value === true || value === 'true' || value === 1 || value === '1';
}

export const channelNotFound = () => new ApiError(404, 'channel', 'Channel not found');
export const programNotFound = () => new ApiError(404, 'program', 'Program not found');
export const noLogo = () => new ApiError(404, 'logo', 'No logo available');

function capitalised(field: string): string {
  return field.charAt(0).toUpperCase() + field.slice(1);
}
