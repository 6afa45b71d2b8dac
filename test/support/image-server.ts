import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Config } from '../../agent/config.ts';
import { type BundleBehaviour, createBundle } from '../../platform/drivers/simulator/bundle.ts';
import { serve } from './serve.ts';
import { temporaryDirectory } from './temporary.ts';
import type { After } from './undo.ts';

/** A web server with firmware images for simulated boxes, which goes on when the headend is killed. */
export type ImageServer = {
  /** What an agent is configured with to trust its images. */
  agentConfig: Partial<Config>;
  /** Offers an image; returns its URL. One that is `held` is given to nobody before `release`. */
  publish(image: { version: string; behaviour?: BundleBehaviour; held?: boolean }): string;
  /** Gives a held image to those who have asked, and to everybody from now on. */
  release(url: string): void;
};

const imageBytes = 64 * 1024;

export async function startImageServer(after: After): Promise<ImageServer> {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519', {
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const keyFile = join(temporaryDirectory(after), 'bundle.pub');
  writeFileSync(keyFile, publicKey);
  const images = new Map<string, Buffer>();
  /** The requests that wait for a held image. */
  const held = new Map<string, ServerResponse[]>();
  const give = (response: ServerResponse, image: Buffer) =>
    response.writeHead(200, { 'content-length': image.length }).end(image);
  const address = await serve(({ url = '' }, response) => {
    const image = images.get(url);
    if (image === undefined) response.writeHead(404).end();
    else if (held.has(url)) held.get(url)?.push(response);
    else give(response, image);
  }, after);
  return {
    agentConfig: { 'platform.simulator.bundle_key_file': keyFile },
    publish({ version, behaviour = 'healthy', held: isHeld = false }) {
      const path = `/${version}.bundle`;
      const payload = randomBytes(imageBytes);
      images.set(path, createBundle({ version, compatible: 'SIM250', behaviour, payload, privateKey }));
      if (isHeld) held.set(path, []);
      return address + path;
    },
    release(url) {
      const { pathname } = new URL(url);
      const image = images.get(pathname);
      if (image === undefined) throw new Error(`no image is at ${url}`);
      for (const response of held.get(pathname) ?? []) give(response, image);
      held.delete(pathname);
    },
  };
}
