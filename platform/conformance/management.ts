import assert from 'node:assert/strict';
import type { ConformanceCase } from './case.ts';
import { calm, endsOnAbort, fails, soon, the } from './expect.ts';

export const management: readonly ConformanceCase[] = [
  {
    capability: 'management',
    title: 'A tunnel leads from the management host to the box, is listed, and ends when it is closed.',
    needs: ['ssh'],
    async run({ platform, fixtures }) {
      const [management, { target, call }] = [the(platform.management), the(fixtures.ssh)];
      const tunnel = await management.openTunnel(target, calm());
      assert.deepEqual(
        management.tunnels().map(({ host, remotePort }) => [host, remotePort]),
        [[target.host, target.remotePort]],
      );
      assert.notEqual(await call(), '', 'the box answers through the tunnel');
      await tunnel.close();
      assert.deepEqual(management.tunnels(), []);
      await soon(
        () =>
          call().then(
            () => false,
            () => true,
          ),
        'the port on the host is closed',
      );
    },
  },
  {
    capability: 'management',
    title: 'A host with another key is TUNNEL_FAILED, and no tunnel is left.',
    needs: ['ssh'],
    async run({ platform, fixtures }) {
      const [management, { target, wrongHostKey, call }] = [the(platform.management), the(fixtures.ssh)];
      await fails(management.openTunnel({ ...target, hostKey: wrongHostKey }, calm()), 'TUNNEL_FAILED');
      await fails(management.openTunnel({ ...target, hostKey: 'nonsense' }, calm()), 'TUNNEL_FAILED');
      assert.deepEqual(management.tunnels(), []);
      await assert.rejects(call(), 'nothing was opened on the host');
    },
  },
  {
    capability: 'management',
    title: 'A port that is taken on the host is TUNNEL_FAILED.',
    needs: ['ssh'],
    async run({ platform, fixtures }) {
      const [management, { target }] = [the(platform.management), the(fixtures.ssh)];
      const first = await management.openTunnel(target, calm());
      await fails(management.openTunnel(target, calm()), 'TUNNEL_FAILED');
      assert.equal(management.tunnels().length, 1);
      await first.close();
    },
  },
  {
    capability: 'management',
    title: 'The host chooses the port when it is asked to, and the tunnel says which.',
    needs: ['ssh'],
    async run({ platform, fixtures }) {
      const [management, { target, call }] = [the(platform.management), the(fixtures.ssh)];
      const tunnel = await management.openTunnel({ ...target, remotePort: 0 }, calm());
      assert.ok(tunnel.remotePort > 0, `the tunnel says port ${tunnel.remotePort}`);
      assert.notEqual(await call(tunnel.remotePort), '', 'the box answers through the tunnel');
      await tunnel.close();
    },
  },
  {
    capability: 'management',
    title: 'A tunnel closes by itself when its lifetime is out.',
    needs: ['ssh'],
    async run({ platform, fixtures }) {
      const [management, { target, call }] = [the(platform.management), the(fixtures.ssh)];
      await management.openTunnel({ ...target, lifetimeMs: 300 }, calm());
      await soon(() => management.tunnels().length === 0, 'the tunnel is gone');
      await soon(
        () =>
          call().then(
            () => false,
            () => true,
          ),
        'the port on the host is closed',
      );
    },
  },
  {
    capability: 'management',
    title: 'Opening that is aborted ends, and leaves no tunnel.',
    needs: ['ssh'],
    async run({ platform, fixtures }) {
      const [management, { target }] = [the(platform.management), the(fixtures.ssh)];
      await endsOnAbort((signal) => management.openTunnel(target, signal), 0);
      assert.deepEqual(management.tunnels(), []);
    },
  },
];
