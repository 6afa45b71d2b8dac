import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readTls } from '../../../agent/upstreams/tls.ts';
import { temporaryDirectory } from '../../support/temporary.ts';

test('without options the usual authorities are trusted, and nothing else', async () => {
  expect(await readTls()).toEqual({ rejectUnauthorized: true });
  expect(await readTls({ insecure: true, servername: 'headend' })).toEqual({
    rejectUnauthorized: false,
    servername: 'headend',
  });
});

test('a file that is not there, is no PEM or cannot be used is named with its key of the configuration', async () => {
  const directory = temporaryDirectory();
  const [text, broken] = [join(directory, 'text'), join(directory, 'broken.pem')];
  writeFileSync(text, 'hello');
  writeFileSync(broken, '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  await expect(readTls({ ca: join(directory, 'none') })).rejects.toThrow(/^ca_file: cannot read .*none/);
  await expect(readTls({ key: text })).rejects.toThrow(/^key_file: .*text is not a PEM file/);
  await expect(readTls({ cert: broken, key: broken })).rejects.toThrow(/^tls: .*broken\.pem.* cannot be used/);
});
