/** The management host's own key. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import ssh2, { type ParsedKey } from 'ssh2';

export type KeyPair = { privateKey: string; publicKey: string };

/**
 * Reads the private host key, or makes one (Ed25519, mode 0600) when the file is missing. `publicKey` is what boxes pin:
 * `ssh-ed25519 AAAA…`.
 */
export async function openHostKey(file: string): Promise<KeyPair> {
  const privateKey = await readFile(file, 'utf8').catch((error) => {
    if (error.code === 'ENOENT') return create(file);
    throw new Error(`reading the management host's key ${file}: ${error.message}`, { cause: error });
  });
  return { privateKey, publicKey: publicLine(parseKey(privateKey, file)) };
}

async function create(file: string): Promise<string> {
  const { privateKey } = createKeyPair();
  await writeFile(`${file}.new`, privateKey, { mode: 0o600, flush: true });
  await rename(`${file}.new`, file);
  return privateKey;
}

/**
 * A new Ed25519 key pair in OpenSSH's forms. ssh2 leaves out a leading zero byte of a key, which one key in 256 has, and then cannot read what
 * it has made: that one is thrown away.
 */
export function createKeyPair(): KeyPair {
  for (;;) {
    const { private: privateKey, public: publicKey } = ssh2.utils.generateKeyPairSync('ed25519');
    if (!(ssh2.utils.parseKey(privateKey) instanceof Error)) return { privateKey, publicKey };
  }
}

/** Reads a key in OpenSSH or PEM form; `name` is what an error calls it. */
export function parseKey(text: string, name: string): ParsedKey {
  const parsed = ssh2.utils.parseKey(text);
  const key = Array.isArray(parsed) ? parsed[0] : parsed;
  if (key === undefined || key instanceof Error) {
    throw new Error(`${name} is not an SSH key: ${key?.message ?? 'it is empty'}; make one with ssh-keygen -t ed25519`);
  }
  return key;
}

function publicLine(key: ParsedKey): string {
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
}
