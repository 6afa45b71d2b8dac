import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { TlsOptions } from './options.ts';

/** TLS settings as Node's `tls.connect` and the libraries on top of it take them. */
export interface TlsSettings {
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
  servername?: string;
  rejectUnauthorized: boolean;
}

/** Reads and tries the PEM files; rejects with a sentence that names the configuration key and the file. */
export async function readTls(options: TlsOptions = {}): Promise<TlsSettings> {
  const [ca, cert, key] = await Promise.all([
    readPem('ca_file', options.ca),
    readPem('cert_file', options.cert),
    readPem('key_file', options.key),
  ]);
  const files = { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
  try {
    createSecureContext(files);
  } catch (cause) {
    const named = [options.ca, options.cert, options.key].filter(Boolean).join(', ');
    throw new Error(
      `tls: ${named} cannot be used (${(cause as Error).message}); do key and certificate belong together?`,
    );
  }
  return {
    ...files,
    ...(options.servername && { servername: options.servername }),
    rejectUnauthorized: options.insecure !== true,
  };
}

async function readPem(option: string, file: string | undefined): Promise<Buffer | undefined> {
  if (!file) return undefined;
  const bytes = await readFile(file).catch((cause: Error) => {
    throw new Error(`${option}: cannot read ${file} (${cause.message}); put the PEM file there`, { cause });
  });
  if (!bytes.includes('-----BEGIN ')) throw new Error(`${option}: ${file} is not a PEM file`);
  return bytes;
}
