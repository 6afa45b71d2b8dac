import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ConfigError, environmentName, loadConfig, shown } from '../../agent/config.ts';
import { temporaryDirectory } from '../support/temporary.ts';

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
  ['a number that is a text', '[message]\nseconds = "long"', 'message.seconds = "long": expected a number'],
  ['a number out of range', '[message]\nseconds = 0', 'message.seconds = 0: expected a number from 1 to 86400'],
  ['a choice there is not', '[platform]\ndriver = "pdp11"', 'expected one of auto, simulator, linux, rdk'],
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
  ['a list that is a text', '[box]\ngroups = "a"', 'expected a list of strings'],
  [
    'an item of a list',
    '[upstream]\nprefer = ["mqtt", "smoke"]',
    'expected a list of websocket, mqtt, heartbeat, ministra',
  ],
  ['a box id that no topic can hold', '[box]\nid = "a/+"', 'box.id = "a/+": expected 1 to 64 of A–Z a–z 0–9 _ . : -'],
  ['a MAC that is none', '[box]\nmac = "zz"', 'box.mac = "zz": expected a MAC as 00:1A:79:12:34:56'],
  ['a group that no topic can hold', '[box]\ngroups = ["a/#"]', 'expected a list of names without'],
  ['a file that is not TOML', 'state_dir = ', 'not TOML'],
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
