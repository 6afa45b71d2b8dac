import { serve } from './serve.ts';
import type { After } from './undo.ts';

/** A web server as an operator has one: the scripts that SCRIPT runs, and a UI debugger's target script. */
export type Site = {
  /** `host:port`, as UIDEBUG takes it. */
  host: string;
  /** The address of a shell script with these commands. */
  script(commands: string): string;
};

export async function startSite(after: After): Promise<Site> {
  const url = await serve((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site');
    if (pathname === '/target.js') response.end('globalThis.debugged = true;');
    else if (pathname === '/script') response.end(`#!/bin/sh\n${searchParams.get('commands')}\n`);
    else response.writeHead(404).end();
  }, after);
  return { host: new URL(url).host, script: (commands) => `${url}/script?commands=${encodeURIComponent(commands)}` };
}
