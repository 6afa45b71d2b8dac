import type { FastifyInstance } from 'fastify';
import { limits } from '../../agent/protocol/limits.ts';
import { ApiError, invalid } from '../errors.ts';

/** A body may hold messages of the protocol a few levels down, so it may be that much deeper. */
const deepest = limits.jsonDepth + 4;

/**
 * Reads JSON bodies and no others, and none that is nested too deep: what is parsed in a loop would be written again by recursion, and a megabyte of
 * brackets ends the stack. An empty body is an empty object, as some clients send it with DELETE and POST. Nothing but an object is taken, or a
 * list where `lists` says so.
 */
export function readJsonBodies(app: FastifyInstance, { lists = false } = {}): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    const text = body as string;
    if (text.trim() === '') return done(null, {});
    if (depthOf(text) > deepest) {
      return done(new ApiError(400, 'request', `The JSON is nested deeper than ${deepest} levels`), undefined);
    }
    return parse(request, text, (error, parsed) => {
      const isTaken = typeof parsed === 'object' && parsed !== null && (lists || !Array.isArray(parsed));
      if (error || isTaken) done(error, parsed);
      else done(invalid('body', 'Expected a JSON object'), undefined);
    });
  });
}

/** How deep the brackets of a JSON text are nested, without parsing it. */
export function depthOf(text: string): number {
  let depth = 0;
  let most = 0;
  let inString = false;
  for (let at = 0; at < text.length; at++) {
    const char = text[at];
    if (inString) {
      if (char === '\\') at += 1;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '[' || char === '{') most = Math.max(most, ++depth);
    else if (char === ']' || char === '}') depth -= 1;
  }
  return most;
}
