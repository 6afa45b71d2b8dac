/** The headend's configuration and command line; the command line as a real process. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { ConfigError, configSchema, parseConfig, readConfig } from '../../headend/config.ts';
import { type Headend, startHeadend } from '../../headend/main.ts';
import { temporaryDirectory } from '../support/temporary.ts';
import { until } from '../support/until.ts';

const cli = fileURLToPath(new URL('../../headend/cli.ts', import.meta.url));

/** Runs the command; `output` grows as it speaks. */
function run(args: string[], environment: Record<string, string> = {}) {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { PATH: process.env.PATH, NODE_NO_WARNINGS: '1', ...environment },
  });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  onTestFinished(() => void child.kill('SIGKILL'));
  return { child, output, exit };
}

const quiet = { http: { port: 0 }, broker: { port: 0 }, log: { level: 'silent' } } as const;

describe('the configuration', () => {
  it('has defaults for everything', () => {
    expect(parseConfig({})).toEqual({
      data_dir: '/var/lib/stb-headend',
      demo: false,
      demo_boxes: 3,
      http: { host: '127.0.0.1', port: 8080 },
      broker: { host: '127.0.0.1', port: 1883 },
      ministra: {
        allow_resellers_info: false,
        boxes: true,
        register_unknown: true,
        login_required: false,
        mac_prefix: '00:1A:79',
        links: 'direct',
        watchdog_seconds: 120,
        command_seconds: 86_400,
        message_seconds: 604_800,
      },
      retention: { action_days: 90, action_count: 1_000_000, telemetry_days: 14, telemetry_count: 2_000_000 },
      log: { level: 'info' },
    });
  });

  it('is TOML, and the environment wins, with __ between levels', () => {
    const toml = 'data_dir = "/srv/headend"\ndemo = false\n[http]\nport = 8000\n[broker]\nurl = "mqtt://broker"\n';
    const config = readConfig(toml, {
      STB_HEADEND_HTTP__PORT: '8081',
      STB_HEADEND_DEMO: 'true',
      STB_HEADEND_ADMIN_TOKEN: '12345',
      STB_HEADEND_BROKER__PASSWORD: 'secret',
      STB_HEADEND_MANAGEMENT__AUTHORIZED_KEYS: 'ssh-ed25519 A, ssh-ed25519 B',
      UNRELATED: 'x',
    });
    expect(config).toMatchObject({
      data_dir: '/srv/headend',
      demo: true,
      admin_token: '12345',
      http: { port: 8081 },
      broker: { url: 'mqtt://broker', password: 'secret' },
      management: { port: 2222, authorized_keys: ['ssh-ed25519 A', 'ssh-ed25519 B'] },
    });
  });

  it('takes a list of the environment as a JSON array, too', () => {
    const keys = ['ssh-ed25519 A me, at home', 'ssh-ed25519 B'];
    const config = readConfig('', { STB_HEADEND_MANAGEMENT__AUTHORIZED_KEYS: JSON.stringify(keys) });
    expect(config.management?.authorized_keys).toEqual(keys);
  });

  it.each([
    ['[http]\nport = 70000', /http\.port.*65535.*70000/],
    ['[http]\nport = "80"', /http\.port.*number.*"80"/],
    ['[http]\nprot = 80', /http\.prot.*no such key/],
    ['colour = "red"', /colour.*no such key/],
    ['demo = "yes"', /demo.*boolean.*"yes"/],
    ['demo_boxes = 2', /demo_boxes.*3.*2/],
    ['[broker]\nurl = "http://broker"', /broker\.url.*mqtt.*http:\/\/broker/],
    ['admin_token = "two words"', /admin_token.*without spaces.*"two words"/],
    ['[log]\nlevel = "loud"', /log\.level.*loud/],
    ['demo = ', /not TOML/],
  ])('%j is refused with the key, the value and what was expected', (toml, message) => {
    expect(() => readConfig(toml, {})).toThrow(ConfigError);
    expect(() => readConfig(toml, {})).toThrow(message);
  });

  it.each([
    ['STB_HEADEND_HTTP__PORT', 'abc', /http\.port.*"abc"/],
    ['STB_HEADEND_MANAGEMENT__AUTHORIZED_KEYS', '["a"', /management\.authorized_keys.*Array/],
    ['STB_HEADEND_COLOUR', 'red', /STB_HEADEND_COLOUR.*no such key/],
    ['STB_HEADEND_DEMO__X', '1', /no such key|not a table/],
  ])('%s=%s is refused, too', (name, value, message) => {
    expect(() => readConfig('', { [name]: value })).toThrow(message);
  });
});

describe('docs/headend.md', () => {
  const text = readFileSync(new URL('../../docs/headend.md', import.meta.url), 'utf8');

  it('names every key of the configuration', () => {
    const keys = Object.entries(configSchema.entries).flatMap(([name, schema]) => {
      const inner = 'entries' in schema.wrapped ? schema.wrapped.entries : undefined;
      return inner === undefined ? [name] : Object.keys(inner).map((key) => `${name}.${key}`);
    });
    expect(keys).toContain('http.port');
    for (const key of keys) expect(text, key).toContain(`\`${key}\``);
  });
});

describe('stb-headend', () => {
  it('run serves until SIGTERM, and exits with 0', async () => {
    const dataDir = temporaryDirectory();
    const environment = {
      STB_HEADEND_DATA_DIR: dataDir,
      STB_HEADEND_HTTP__PORT: '0',
      STB_HEADEND_BROKER__PORT: '0',
      STB_HEADEND_ADMIN_TOKEN: 'a-token-of-the-administrator',
    };
    const { child, output, exit } = run(['run'], environment);
    await until(() => /^broker .*$/m.test(output.stdout), `the headend to serve: ${output.stderr}`, 30_000);
    const url = /^headend +(\S+)$/m.exec(output.stdout)?.[1];
    const authorization = 'Bearer a-token-of-the-administrator';
    expect((await fetch(`${url}/stb/v1/boxes`, { headers: { authorization } })).status).toBe(200);
    expect(output.stdout).toContain('shown this once');
    child.kill('SIGTERM');
    expect(await exit).toBe(0);
    expect(output.stderr).not.toContain('a-token-of-the-administrator');
  });

  it.each([
    ['an unknown command', ['walk'], /only command/],
    ['no command', [], /only command/],
    ['an unknown option', ['run', '--fast'], /fast/],
    ['a file that is not there', ['run', '--config', '/nowhere/headend.toml'], /nowhere/],
  ])('exits with 2 for %s, and says why', async (_, args, message) => {
    const { output, exit } = run(args);
    expect(await exit).toBe(2);
    expect(output.stderr).toMatch(message);
  });

  it('exits with 2 for a bad configuration and with 1 for a port that is taken', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'headend.toml');
    writeFileSync(file, 'demo = 7\n');
    const bad = run(['run', '--config', file]);
    expect(await bad.exit).toBe(2);
    expect(bad.output.stderr).toMatch(/demo.*7/);

    const other = await startHeadend({ data_dir: join(directory, 'a'), ...quiet });
    onTestFinished(() => other.close());
    writeFileSync(file, `data_dir = "${directory}/b"\n[broker]\nport = 0\n[http]\nport = ${new URL(other.url).port}\n`);
    const taken = run(['run', '--config', file]);
    expect(await taken.exit).toBe(1);
    expect(taken.output.stderr).toMatch(/stb-headend: http: listen EADDRINUSE/);
  });

  it('exits with 1 for a data directory that cannot be made, and names it', async () => {
    const file = join(temporaryDirectory(), 'headend.toml');
    writeFileSync(file, `data_dir = "${file}/data"\n`);
    const { output, exit } = run(['run', '--config', file]);
    expect(await exit).toBe(1);
    expect(output.stderr).toMatch(/stb-headend: data_dir = ".*\/data": ENOTDIR/);
  });

  it('exits with 1 when the port of its broker is taken', async () => {
    const directory = temporaryDirectory();
    const file = join(directory, 'headend.toml');
    const other = await startHeadend({ data_dir: join(directory, 'a'), ...quiet });
    onTestFinished(() => other.close());
    const { port } = new URL(other.mqttUrl);
    writeFileSync(file, `data_dir = "${directory}/b"\n[broker]\nport = ${port}\n[http]\nport = 0\n`);
    const taken = run(['run', '--config', file]);
    expect(await taken.exit).toBe(1);
    expect(taken.output.stderr).toMatch(/stb-headend: broker: listen EADDRINUSE/);
  });

  it('--help exits with 0', async () => {
    const { output, exit } = run(['--help']);
    expect(await exit).toBe(0);
    expect(output.stdout).toContain('stb-headend run');
  });
});

describe('the data', () => {
  const start = async (config: object): Promise<Headend> => {
    const headend = await startHeadend({ ...quiet, ...config });
    onTestFinished(() => headend.close());
    return headend;
  };

  it('the administrator is made once; a token given later changes nothing', async () => {
    const data_dir = temporaryDirectory();
    const first = await start({ data_dir });
    expect(first.adminToken).toMatch(/^[\w-]{43}$/);
    await first.close();
    const second = await start({ data_dir, admin_token: 'another' });
    expect(second.adminToken).toBeUndefined();
    const status = async (token: string | undefined) =>
      (await fetch(`${second.url}/stb/v1/boxes`, { headers: { authorization: `Bearer ${token}` } })).status;
    expect(await status(first.adminToken)).toBe(200);
    expect(await status('another')).toBe(401);
  });

  it('no token is stored as it is', async () => {
    const data_dir = temporaryDirectory();
    const { adminToken, close } = await start({ data_dir });
    await close();
    expect(readFileSync(join(data_dir, 'headend.db')).includes(adminToken as string)).toBe(false);
  });

  it('the demonstration is kept in a file of the owner alone, grows, and never shrinks', async () => {
    const data_dir = temporaryDirectory();
    const three = await start({ data_dir, demo: true });
    expect(three.demo?.boxes.map(({ mac }) => mac)).toEqual([
      '00:1A:79:00:00:01',
      '00:1A:79:00:00:02',
      '00:1A:79:00:00:03',
    ]);
    expect(statSync(join(data_dir, 'demo.json')).mode & 0o777).toBe(0o600);
    await three.close();
    const five = await start({ data_dir, demo: true, demo_boxes: 5 });
    expect(five.demo?.boxes.slice(0, 3)).toEqual(three.demo?.boxes);
    expect(five.demo?.boxes).toHaveLength(5);
    await five.close();
    const again = await start({ data_dir, demo: true });
    expect(again.demo).toEqual(five.demo);
    expect(again.adminToken).toBe(three.adminToken);
  });

  it('of a newer version is not touched', async () => {
    const data_dir = temporaryDirectory();
    await (await start({ data_dir })).close();
    const db = new Database(join(data_dir, 'headend.db'));
    db.pragma('user_version = 99');
    db.close();
    await expect(startHeadend({ data_dir, ...quiet })).rejects.toThrow(/schema version 99/);
    expect(existsSync(join(data_dir, 'headend.db'))).toBe(true);
  });
});
