import { expect, test } from 'vitest';
import { createKeyPair, parseKey } from '../../headend/host-key.ts';

test('every key pair that is made can be read again, also one whose key begins with a zero', () => {
  // One in 256 begins so.
  for (let each = 0; each < 2000; each += 1) {
    const { privateKey, publicKey } = createKeyPair();
    expect(parseKey(privateKey, 'the private key').getPublicSSH()).toEqual(
      parseKey(publicKey, 'the public key').getPublicSSH(),
    );
  }
});
