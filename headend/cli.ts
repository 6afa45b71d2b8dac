#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ConfigError, type HeadendConfig, readConfig } from './config.ts';
import { type Headend, startHeadend } from './main.ts';

const defaultFile = '/etc/stb-agent/headend.toml';

const help = `stb-headend: schedules actions for set-top boxes and collects their reports

usage:
  stb-headend run [--config FILE]   run until SIGTERM or SIGINT
  stb-headend --help

FILE is TOML, by default ${defaultFile}; each key can be given by environment, too:
STB_HEADEND_HTTP__PORT=8081 sets port in [http]. STB_HEADEND_ADMIN_TOKEN is the
administrator's token, taken over at the first start.

exit codes: 0 ok, 1 failure, 2 bad usage or configuration
`;

// A reader that has seen enough, as `head` has, is gone. A headend that runs goes on.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.stderr.write(`stb-headend: standard output: ${error.message}\n`);
  process.exitCode = 1;
});

process.exitCode = await main(process.argv.slice(2));

async function main(args: string[]): Promise<number> {
  let config: HeadendConfig;
  try {
    const { values, positionals } = parseArgs({
      args,
      allowPositionals: true,
      options: { config: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      process.stdout.write(help);
      return 0;
    }
    if (positionals.length !== 1 || positionals[0] !== 'run') return badUsage('the only command is "run"');
    config = readConfig(readFile(values.config), process.env);
  } catch (error) {
    if (error instanceof ConfigError || isBadArgument(error)) return badUsage(error.message);
    throw error;
  }

  try {
    const stopped = whenAskedToStop();
    const headend = await startHeadend(config);
    greet(headend);
    await stopped;
    await headend.close();
    return 0;
  } catch (error) {
    process.stderr.write(`stb-headend: ${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  }
}

/** The configuration's text; none is fine where none was named. */
function readFile(file: string | undefined): string {
  if (file === undefined && !existsSync(defaultFile)) return '';
  const path = file ?? defaultFile;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function whenAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}

function greet({ url, mqttUrl, adminToken, demo }: Headend): void {
  const lines = [`headend     ${url}`, `API         ${url}/docs`, `broker      ${mqttUrl}`];
  if (demo !== undefined) {
    for (const user of Object.values(demo.users)) lines.push(`${user.role.padEnd(11)} ${user.token}  ${user.name}`);
    lines.push(`Ministra    ${demo.ministra.login}:${demo.ministra.password}  ${url}/stalker_portal/api/`);
  } else if (adminToken !== undefined) lines.push(`ADMIN       ${adminToken}  (shown this once)`);
  process.stdout.write(`${lines.join('\n')}\n`);
}

function badUsage(message: string): number {
  process.stderr.write(`stb-headend: ${message}\nstb-headend --help says more\n`);
  return 2;
}

function isBadArgument(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
}
