import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError, environmentName, loadConfig, shown } from '../../agent/config.ts';
import { temporaryDirectory } from '../support/temporary.ts';

/** What an Ed25519 public key is after its type, as OpenSSH writes it. */
const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAILM53qXMBNBSbfZvOBnHtirgf4nUVgSiYvFqKn9mNlrE';

function load(toml: string, environment: NodeJS.ProcessEnv = {}) {
  const file = join(temporaryDirectory(), 'agent.toml');
  writeFileSync(file, toml);
  return loadConfig(file, environment);
}

function faults(toml: string, environment: NodeJS.ProcessEnv = {}): string {
  try {
    load(toml, environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('the configuration was taken');
}

test('an empty file gives the defaults', () => {
  const { config, sources } = load('');
  expect(config.state_dir).toBe('/var/lib/stb-agent');
  expect(config['upstream.mqtt.url']).toBeNull();
  expect(sources.state_dir).toBe('default');
});

test('the environment overrides the file, key by key and with its own types', () => {
  const { config, sources } = load('[upstream.heartbeat]\nurl = "http://a"\ninterval_seconds = 10', {
    STB_AGENT_UPSTREAM__HEARTBEAT__INTERVAL_SECONDS: '20',
    STB_AGENT_BOX__GROUPS: 'one, two',
    STB_AGENT_UPSTREAM__MQTT__INSECURE: 'true',
    HOME: '/root',
  });
  expect(config['upstream.heartbeat.url']).toBe('http://a');
  expect(config['upstream.heartbeat.interval_seconds']).toBe(20);
  expect(config['box.groups']).toEqual(['one', 'two']);
  expect(config['upstream.mqtt.insecure']).toBe(true);
  expect(sources['upstream.heartbeat.interval_seconds']).toBe('environment');
});

test.each([
  [
    'an unknown key, with the likely one',
    '[upstream.mqtt]\nkeepalive_second = 3',
    'unknown key upstream.mqtt.keepalive_second',
  ],
  ['an unknown section', '[upstreams.mqtt]\nurl = "mqtt://x"', 'did you mean upstream.mqtt.url?'],
  [
    'a number that is a text',
    '[message]\nseconds = "long"',
    'message.seconds = "long": expected a number from 1 to 86400',
  ],
  ['a number out of range', '[message]\nseconds = 0', 'message.seconds = 0: expected a number from 1 to 86400'],
  ['a driver that this version does not have', '[platform]\ndriver = "rdk"', 'expected one of auto, simulator, linux'],
  [
    'a state directory whose socket would have no room for its name',
    `state_dir = "/srv/${'x'.repeat(92)}"`,
    'expected a path of at most 96 bytes',
  ],
  ['a choice there is not', '[platform]\ndriver = "pdp11"', 'expected one of auto, simulator, linux'],
  [
    'a URL of the wrong scheme',
    '[upstream.mqtt]\nurl = "http://x"',
    'expected a URL with the scheme mqtt, mqtts, ws, wss',
  ],
  [
    'a URL that is none',
    '[upstream.heartbeat]\nurl = "http://a b/"',
    'upstream.heartbeat.url = "http://a b/": expected a URL',
  ],
  [
    'a port that there is not',
    '[upstream.mqtt]\nurl = "mqtt://x:99999"',
    'upstream.mqtt.url = "mqtt://x:99999": expected a URL',
  ],
  ['a list that is a text', '[box]\ngroups = "a"', 'expected a list of names without'],
  [
    'an item of a list',
    '[upstream]\nprefer = ["mqtt", "smoke"]',
    'expected a list of websocket, mqtt, heartbeat, ministra',
  ],
  [
    'a capability that there is not',
    '[platform.simulator]\nlacks = ["audio", "foo"]',
    'platform.simulator.lacks = ["audio","foo"]: expected a list of power, audio, keys, display, player, tuner, ui, firmware, network, management, script',
  ],
  ['a box id that no topic can hold', '[box]\nid = "a/+"', 'box.id = "a/+": expected 1 to 64 of A–Z a–z 0–9 _ . : -'],
  ['a MAC that is none', '[box]\nmac = "zz"', 'box.mac = "zz": expected a MAC as 00:1A:79:12:34:56'],
  ['a group that no topic can hold', '[box]\ngroups = ["a/#"]', 'expected a list of names without'],
  ['a file that is not TOML', 'state_dir = ', 'not TOML'],
  ['an empty text', '[box]\nmodel = ""', 'box.model = "": expected a text in one line that is not empty'],
  ['a text of two lines', '[box]\nmodel = "a\\nb"', 'box.model = "a\\nb": expected a text in one line'],
  ['a port that is not whole', '[platform.simulator]\nport = 80.5', 'expected a whole number from 0 to 65535'],
  ['a number that is none', '[message]\nseconds = nan', 'message.seconds = NaN: expected a number from 1 to 86400'],
  ['a number without an end', '[keys]\ngap_ms = inf', 'keys.gap_ms = Infinity: expected a number from 0 to 5000'],
  ['a keep-alive that is not whole', '[upstream.mqtt]\nkeepalive_seconds = 1.5', 'expected a whole number from 1'],
  ['a token that no header can hold', '[headend]\ntoken = "ж"', 'headend.token = [secret]: expected a token'],
  ['a URL with credentials', '[headend]\nurl = "http://me:hush@x"', '"http://[secret]@x": expected a URL'],
  ['a URL with a space at its end', '[headend]\nurl = "http://x "', 'headend.url = "http://x ": expected a URL'],
  ['a base URL with a query', '[headend]\nurl = "http://x/?a=b"', 'without credentials or a query'],
  ['a server name that is an address', '[upstream.mqtt]\nserver_name = "mqtts://x"', 'expected the name of a host'],
  ['a host with a port', '[management]\nhost = "mgmt:22"', 'management.host = "mgmt:22": expected the name or address'],
  ['a host that looks like an option', '[management]\nhost = "-oProxyCommand=x"', 'expected the name or address'],
  [
    'a user that looks like an option',
    '[management]\nuser = "-l root"',
    'management.user = "-l root": expected a user',
  ],
  ['a host key that is none', '[management]\nhost_key = "abc"', 'management.host_key = "abc": expected a public key'],
  [
    'a host key that was cut off',
    `[management]\nhost_key = "ssh-ed25519 ${blob.slice(0, 60)}"`,
    'expected a public key',
  ],
  ['a host key with its host', `[management]\nhost_key = "host ssh-ed25519 ${blob}"`, 'expected a public key'],
  [
    'a host key whose type is not that of its blob',
    `[management]\nhost_key = "ssh-rsa ${blob}"`,
    'expected a public key',
  ],
  ['a debug server without a host', '[debug]\nserver = ":80"', 'debug.server = ":80": expected host or host:port'],
  ['a debug server whose port is none', '[debug]\nserver = "x:y"', 'debug.server = "x:y": expected host or host:port'],
  [
    'a debug server out of range',
    '[debug]\nserver = "x:99999"',
    'debug.server = "x:99999": expected host or host:port',
  ],
  ['a time zone there is not', '[upstream.ministra]\ntimezone = "Mars"', 'expected a time zone as Europe/Kiev'],
  [
    'a model that no header can hold',
    '[upstream.ministra]\nmodel = "МАГ"',
    'upstream.ministra.model = "МАГ": expected',
  ],
  ['a key there is not', '[platform.linux]\nkeys = ["PINK=3"]', 'expected a list of keys and codes as RED=0x190'],
  ['an option without a dash', '[platform.linux]\nmpv_options = ["vo=drm"]', 'expected a list of options as --vo=drm'],
  [
    'a screenshot command that is not told where',
    '[platform.linux]\nscreenshot_command = ["grim", "x.png"]',
    'expected a list of a program and its arguments with {file}',
  ],
])('it names %s', (_what, toml, sentence) => {
  expect(faults(toml)).toContain(sentence);
});

test('every fault is named at once', () => {
  expect(faults('nonsense = 1\n[message]\nseconds = 0').split('\n')).toHaveLength(2);
});

test('an unknown key of the environment is named with its variable', () => {
  expect(faults('', { STB_AGENT_NONSENSE: '1' })).toContain('STB_AGENT_NONSENSE: unknown key nonsense');
});

test('a file that is not there is named', () => {
  expect(() => loadConfig('/nonexistent/agent.toml', {})).toThrow(
    /cannot read the configuration \/nonexistent\/agent.toml/,
  );
});

test.each([
  ['state_dir = "/srv/stb"', 'state_dir'],
  [`state_dir = "/srv/${'x'.repeat(91)}"`, 'state_dir'],
  ['[upstream.mqtt]\nusername = ""\npassword = ""', 'upstream.mqtt.password'],
  ['[management]\nhost = "2001:db8::1"', 'management.host'],
  [`[management]\nhost_key = "ssh-ed25519 ${blob} me@x"`, ''],
  [`[management]\nhost_key = "ssh-ed25519 ${blob}\\n"`, 'management.host_key'],
  ['[debug]\nserver = ""', 'debug.server'],
  ['[debug]\nserver = "[::1]:8080"', 'debug.server'],
  ['[speedtest]\nurl = "wss://ndt.example/?key=1"', 'speedtest.url'],
  ['[upstream.ministra]\ntimezone = "Europe/Kiev"', 'upstream.ministra.timezone'],
  ['[platform.linux]\nkeys = ["RED=0x190", "OK = 28"]', 'platform.linux.keys'],
])('it takes %s', (toml) => {
  expect(load(toml).config).toBeDefined();
});

test.each([
  ['a, b', ['a', 'b']],
  ['["a, b", "c"]', ['a, b', 'c']],
  ['', []],
  ['[]', []],
])('a list in the environment is separated by commas or a JSON array: %s', (text, groups) => {
  expect(load('', { STB_AGENT_BOX__GROUPS: text }).config['box.groups']).toEqual(groups);
});

test.each(['["a"', '[1]', '[[]]', '["a",]'])(
  'a list in the environment that is no JSON array after all is refused: %s',
  (text) => {
    expect(faults('', { STB_AGENT_BOX__GROUPS: text })).toContain('separated by commas or a JSON array');
  },
);

test('secrets are not shown', () => {
  expect(shown('headend.token', 'abc')).toBe('[secret]');
  expect(shown('upstream.mqtt.password', 'abc')).toBe('[secret]');
  expect(shown('headend.url', 'http://a')).toBe('"http://a"');
});

test('the environment name of a key has its levels apart', () => {
  expect(environmentName('upstream.mqtt.url')).toBe('STB_AGENT_UPSTREAM__MQTT__URL');
});

test('garbage is a ConfigError, never anything else', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      const file = join(temporaryDirectory(), 'agent.toml');
      writeFileSync(file, text);
      try {
        loadConfig(file, {});
      } catch (error) {
        expect(error).toBeInstanceOf(ConfigError);
      }
    }),
    { numRuns: 300 },
  );
});
