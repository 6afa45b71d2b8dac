import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { need } from './tools.ts';

/** PEM files of a private authority, a server named `localhost` and 127.0.0.1 that it signed, and a client that it signed. */
export interface Certificates {
  ca: string;
  server: { cert: string; key: string };
  client: { cert: string; key: string };
}

/** Makes them in `directory` with openssl. */
export function createCertificates(directory: string): Certificates {
  const openssl = need('openssl', 'openssl');
  const at = (name: string) => join(directory, name);
  const run = (...args: string[]) => execFileSync(openssl, args, { stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  run(
    'req',
    '-x509',
    ...newKey,
    '-keyout',
    at('ca.key'),
    '-out',
    at('ca.pem'),
    '-days',
    '2',
    '-subj',
    '/CN=Operator CA',
  );

  function sign(name: string, subject: string, extensions: string) {
    const [cert, key, request, extra] = [at(`${name}.pem`), at(`${name}.key`), at(`${name}.csr`), at(`${name}.ext`)];
    writeFileSync(extra, extensions);
    run('req', '-new', ...newKey, '-keyout', key, '-out', request, '-subj', subject);
    const authority = ['-CA', at('ca.pem'), '-CAkey', at('ca.key'), '-CAcreateserial'];
    run('x509', '-req', '-in', request, ...authority, '-out', cert, '-days', '2', '-extfile', extra);
    return { cert, key };
  }

  return {
    ca: at('ca.pem'),
    server: sign('server', '/CN=localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1'),
    client: sign('client', '/CN=box', 'extendedKeyUsage=clientAuth'),
  };
}
