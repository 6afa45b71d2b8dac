/** The files the demo begins with: keys, a firmware bundle, and the configuration of the headend and of each box. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { createKeyPair } from '../../headend/host-key.ts';
import { createBundle } from '../../platform/drivers/simulator/bundle.ts';
import type { DemoOptions } from './options.ts';

/** What the headend writes to `demo.json` in its data directory. */
export type DemoBox = { id: string; mac: string; name: string; token: string };

export const upstreamKinds = ['mqtt', 'websocket', 'heartbeat'] as const;
export type UpstreamKind = (typeof upstreamKinds)[number];

const boxModel = 'SIM250';
const nextVersion = '1.1.0';
const imageBytes = 256 * 1024;

/** Where the files of one demo are. */
export function layout(dataDir: string) {
  return {
    headendDir: join(dataDir, 'headend'),
    headendConfig: join(dataDir, 'headend.toml'),
    demoFile: join(dataDir, 'headend/demo.json'),
    firmwareDir: join(dataDir, 'headend/firmware'),
    keysDir: join(dataDir, 'keys'),
    codeCache: join(dataDir, 'code-cache'),
    logFile: (name: string) => join(dataDir, 'logs', `${name}.log`),
    boxDir: (number: number) => join(dataDir, `box-${number}`),
    boxConfig: (number: number) => join(dataDir, `box-${number}`, 'agent.toml'),
  };
}

/** Makes what is missing: directories, the keys of firmware and management, the bundle, the headend's configuration. */
export function prepareHeadend(options: DemoOptions): void {
  const files = layout(options.dataDir);
  mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
  accessSync(options.dataDir, constants.W_OK);
  for (const dir of [files.headendDir, files.firmwareDir, files.keysDir, join(options.dataDir, 'logs')]) {
    mkdirSync(dir, { recursive: true, mode: 0o700 });
  }
  makeFirmware(files);
  const authorizedKey = makeManagementKey(files.keysDir);
  write(files.headendConfig, {
    data_dir: files.headendDir,
    demo: true,
    demo_boxes: Math.max(3, options.boxes),
    http: { port: options.port },
    broker: { port: options.mqttPort },
    management: {
      port: portsOf(options).management,
      host_key_file: join(files.keysDir, 'management-host'),
      authorized_keys: [authorizedKey],
    },
  });
}

/** Writes the configuration of one box. */
export function prepareBox(options: DemoOptions, number: number, box: DemoBox): void {
  const ports = portsOf(options);
  const files = layout(options.dataDir);
  const origin = `127.0.0.1:${options.port}`;
  const urls: Record<UpstreamKind, object> = {
    mqtt: { url: `mqtt://127.0.0.1:${options.mqttPort}` },
    websocket: { url: `ws://${origin}` },
    heartbeat: { url: `http://${origin}`, interval_seconds: 5 },
  };
  const kind = upstreamOf(number);
  mkdirSync(files.boxDir(number), { recursive: true, mode: 0o700 });
  write(files.boxConfig(number), {
    state_dir: files.boxDir(number),
    box: { id: box.id, mac: box.mac, model: boxModel },
    platform: {
      driver: 'simulator',
      simulator: { port: ports.tv(number), bundle_key_file: join(files.keysDir, 'firmware.pub') },
    },
    headend: { url: `http://${origin}`, token: box.token },
    upstream: { [kind]: urls[kind] },
    // To the same machine ten seconds tell no more than this, and take its processors from everything else.
    speedtest: { seconds: 0.5 },
    debug: { server: `127.0.0.1:${ports.debug}` },
    management: {
      host: '127.0.0.1',
      ssh_port: ports.management,
      user: 'stb',
      key_file: join(files.keysDir, 'management'),
      host_key: readFileSync(join(files.keysDir, 'management-host.pub'), 'utf8').trim(),
    },
  });
}

/** Boxes are numbered from 1 and take turns in the upstreams. */
export function upstreamOf(number: number): UpstreamKind {
  return upstreamKinds[(number - 1) % upstreamKinds.length] as UpstreamKind;
}

/** The ports of one demo: the headend's, then the boxes' TV pages, then the services beside them. */
export function portsOf({ port, mqttPort, boxes }: DemoOptions) {
  return {
    http: port,
    mqtt: mqttPort,
    tv: (number: number) => port + number,
    management: port + boxes + 1,
    debug: port + boxes + 2,
  };
}

/** The key pair that firmware is signed with, and a bundle that FIRMWARE installs without being told a URL. */
function makeFirmware({ keysDir, firmwareDir }: ReturnType<typeof layout>): void {
  const bundleFile = join(firmwareDir, 'default.bundle');
  if (existsSync(bundleFile)) return;
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const privatePem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  writeFileSync(join(keysDir, 'firmware'), privatePem, { mode: 0o600 });
  writeFileSync(join(keysDir, 'firmware.pub'), publicKey.export({ type: 'spki', format: 'pem' }));
  const payload = randomBytes(imageBytes);
  writeFileSync(
    bundleFile,
    createBundle({ version: nextVersion, compatible: boxModel, payload, privateKey: privatePem }),
  );
}

/** The boxes' key for the management host, and that host's own key; returns the line for its authorized keys. */
function makeManagementKey(keysDir: string): string {
  for (const name of ['management', 'management-host']) {
    if (existsSync(join(keysDir, name))) continue;
    const { privateKey, publicKey } = createKeyPair();
    writeFileSync(join(keysDir, name), privateKey, { mode: 0o600 });
    writeFileSync(join(keysDir, `${name}.pub`), `${publicKey}\n`);
  }
  return readFileSync(join(keysDir, 'management.pub'), 'utf8').trim();
}

function write(file: string, table: Record<string, unknown>): void {
  writeFileSync(file, stringify(table), { mode: 0o600 });
}
