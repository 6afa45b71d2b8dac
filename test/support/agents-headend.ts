import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../../agent/config.ts';
import type { Demo, DemoBox } from '../../headend/demo/demo.ts';
import { createKeyPair } from '../../headend/host-key.ts';
import { type Headend, startHeadend } from '../../headend/main.ts';
import { type BundleBehaviour, createBundle } from '../../platform/drivers/simulator/bundle.ts';
import { type HeadendApi, openHeadendApi } from './headend-api.ts';
import { temporaryDirectory } from './temporary.ts';
import type { After } from './undo.ts';

/** The reference headend in the test's process, with all that agents want of one: a firmware bundle and a management host. */
export type AgentsHeadend = Headend & {
  demo: Demo;
  api: HeadendApi;
  /** What an agent is configured with to take firmware from it, and to open tunnels to it. */
  agentConfig: Partial<Config>;
  /** Offers a bundle for download, signed by the key that the boxes trust unless it is by a stranger; returns its URL. */
  publish(bundle: { version: string; behaviour?: BundleBehaviour; byStranger?: boolean }): string;
  /** A box that no other test of this headend uses. */
  nextBox(): DemoBox;
};

/** The version of the bundle that FIRMWARE installs without being told a URL. */
export const bundleVersion = '1.1.0';

const imageBytes = 64 * 1024;

export async function startAgentsHeadend(options: { boxes: number; after: After }): Promise<AgentsHeadend> {
  const { boxes, after } = options;
  const dataDir = temporaryDirectory(after);
  const [trusted, stranger] = [createSigningKeys(), createSigningKeys()];
  const bundleKeyFile = join(dataDir, 'bundle.pub');
  writeFileSync(bundleKeyFile, trusted.publicKey);
  const key = createKeyPair();
  const keyFile = join(dataDir, 'management');
  writeFileSync(keyFile, key.privateKey, { mode: 0o600 });
  const headend = await startHeadend({
    data_dir: dataDir,
    demo: true,
    demo_boxes: Math.max(3, boxes),
    http: { port: 0 },
    broker: { port: 0 },
    management: { port: 0, authorized_keys: [key.publicKey] },
    log: { level: 'silent' },
  });
  after(() => headend.close());
  const { demo, management } = headend;
  if (!demo || !management) throw new Error('the headend started without its demonstration or management host');
  const unused = [...demo.boxes];

  function publish(
    { version, behaviour = 'healthy', byStranger = false }: Parameters<AgentsHeadend['publish']>[0],
    name = version,
  ): string {
    const { privateKey } = byStranger ? stranger : trusted;
    const payload = randomBytes(imageBytes);
    const bundle = createBundle({ version, compatible: 'SIM250', behaviour, payload, privateKey });
    writeFileSync(join(dataDir, 'firmware', `${name}.bundle`), bundle);
    return `${headend.url}/stb/v1/firmware/${name}.bundle`;
  }

  publish({ version: bundleVersion }, 'default');
  return {
    ...headend,
    demo,
    api: openHeadendApi(headend.url, demo.users.admin.token),
    agentConfig: {
      'platform.simulator.bundle_key_file': bundleKeyFile,
      'management.host': '127.0.0.1',
      'management.ssh_port': management.port,
      'management.key_file': keyFile,
      'management.host_key': management.hostKey,
    },
    publish: (bundle) => publish(bundle),
    nextBox() {
      const box = unused.shift();
      if (!box) throw new Error(`all ${demo.boxes.length} boxes are in use; start the headend with more`);
      return box;
    },
  };
}

function createSigningKeys() {
  return generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
}
