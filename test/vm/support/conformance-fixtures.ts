/** What the conformance suite needs around the virtual box: firmware bundles in it, and servers on this machine. */
import { randomBytes } from 'node:crypto';
import { closeSync, openSync, readSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Image } from '../../../packaging/vm/image.ts';
import type { Fixtures } from '../../../platform/conformance.ts';
import type { LinuxSettings } from '../../../platform/drivers/linux/index.ts';
import { freePort } from '../../support/free-port.ts';
import { createKeyPair } from '../../support/ssh-client.ts';
import { startSshd } from '../../support/sshd.ts';
import { temporaryDirectory } from '../../support/temporary.ts';
import type { After } from '../../support/undo.ts';
import { fromBox, hostFromBox } from './bench.ts';
import { makeBundle, makeForeignKey } from './bundles.ts';
import { vidtv } from './channels.ts';
import { programFolder } from './conformance-box.ts';
import type { Opening } from './conformance-wire.ts';
import { serveFiles } from './file-server.ts';
import type { Guest } from './guest-agent.ts';
import { makeBareSlotImage, takeOverNode } from './slot-image.ts';
import { tone } from './sound.ts';

/** The box with all of its own devices. */
export const boxSettings: LinuxSettings = {
  root: '/',
  stateDir: '/var/lib/stb-agent',
  cecDevice: '/dev/cec1',
  speech: true,
  speechVoice: 'en',
  screenshotCommand: [],
  keysBy: 'auto',
  keySet: 'auto',
  keys: [],
  mpvOptions: [],
  shellPort: 22,
};

type Bundles = NonNullable<Fixtures['bundles']>;
type OpeningFixtures = Opening['fixtures'];

/** Makes the bundles and copies them into the box. */
export async function putBundles(guest: Guest, image: Image, after: After): Promise<Bundles> {
  const directory = temporaryDirectory(after);
  const file = (name: string) => join(directory, name);
  const signed = { key: image.bundleKey, certificate: image.bundleCertificate };
  const version = '1.1.0';
  makeBareSlotImage(image, version, file('slot.ext4'), temporaryDirectory(after));
  makeBundle({ target: file('good.raucb'), slot: file('slot.ext4'), version, afterwards: takeOverNode, ...signed });
  rmSync(file('slot.ext4'));
  // What is refused need not be whole.
  writeFileSync(file('small'), randomBytes(1024 * 1024));
  const small = { slot: file('small'), version: '6.6.6' };
  makeBundle({ target: file('stranger.raucb'), ...small, ...makeForeignKey(directory) });
  makeBundle({ target: file('foreign.raucb'), ...small, ...signed, compatible: 'another box' });
  makeBundle({ target: file('damaged.raucb'), ...small, ...signed });
  flipInSignature(file('damaged.raucb'));

  const site = fromBox((await serveFiles(directory, after)).url);
  const names = ['good', 'stranger', 'foreign', 'damaged'];
  const take = names.map((name) => `busybox wget -q -O ${name}.raucb ${site}/${name}.raucb`);
  await guest.read(`cd ${programFolder} && ${take.join(' && ')} && sync`);
  const inBox = (name: string) => `${programFolder}/${name}.raucb`;
  const [stranger, foreign, damaged] = [inBox('stranger'), inBox('foreign'), inBox('damaged')];
  return { good: { file: inBox('good'), version }, stranger, foreign, damaged };
}

/** The signature is at the end of a bundle, before its length of eight bytes (RAUC's reference, "Bundle Format"). */
function flipInSignature(file: string): void {
  const handle = openSync(file, 'r+');
  const at = statSync(file).size - 20;
  const byte = Buffer.alloc(1);
  readSync(handle, byte, 0, 1, at);
  writeSync(handle, Buffer.from([(byte[0] ?? 0) ^ 1]), 0, 1, at);
  closeSync(handle);
}

/** A tone over HTTP, the tuner's service twice over, and a real sshd: all of it on this machine. */
export async function surround(after: After): Promise<Omit<OpeningFixtures, 'workDir'>> {
  const directory = temporaryDirectory(after);
  for (const name of ['tone.wav', 'other.wav']) writeFileSync(join(directory, name), tone(60));
  const site = fromBox((await serveFiles(directory, after)).url);
  const sshd = await startSshd(after);
  const service = { name: 'Beethoven', dvb: vidtv };
  return {
    sources: {
      good: { kind: 'channel', id: 'news', name: 'News', number: 1, reception: 'BASE', url: `${site}/tone.wav` },
      other: { kind: 'video', url: `${site}/other.wav` },
      bad: { kind: 'video', url: `http://${hostFromBox}:9/nothing.ts` },
    },
    services: [
      { ...service, channel: 'first', number: 1 },
      { ...service, channel: 'second', number: 2 },
    ],
    ssh: {
      target: {
        host: hostFromBox,
        port: sshd.port,
        user: sshd.user,
        privateKey: sshd.privateKey,
        hostKey: sshd.hostKey,
        remotePort: await freePort(),
        lifetimeMs: 600_000,
      },
      wrongHostKey: createKeyPair().publicKey,
    },
  };
}
