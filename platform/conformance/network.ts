import assert from 'node:assert/strict';
import { isIP } from 'node:net';
import type { ConformanceCase } from './case.ts';
import { the } from './expect.ts';

export const network: readonly ConformanceCase[] = [
  {
    capability: 'network',
    title: 'The link has a name, a kind, and an address that is one.',
    async run({ platform }) {
      const { interface: name, kind, address, speedMbps } = await the(platform.network).link();
      assert.match(name, /^\S{1,15}$/, 'an interface name of Linux (IFNAMSIZ)');
      assert.ok(['ethernet', 'wifi', 'other'].includes(kind), `kind ${kind}`);
      assert.ok(address === undefined || isIP(address) !== 0, `address ${address}`);
      assert.ok(
        speedMbps === undefined || speedMbps > 0,
        `speed ${speedMbps} Mbit/s; one that is not known is left out`,
      );
    },
  },
];
