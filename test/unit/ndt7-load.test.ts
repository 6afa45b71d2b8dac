import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sendLoad } from '../../agent/protocol/ndt7-load.ts';

test('a socket that swallows what it is given, as one does whose peer is gone, leaves the others their turn, again and again', async () => {
  let sends = 0;
  const socket = {
    readyState: 1,
    OPEN: 1,
    bufferedAmount: 0,
    send(_data: Uint8Array, _options: object, sent: () => void) {
      sends += 1;
      if (sends < 10_000) setImmediate(sent);
    },
  };
  const load = sendLoad(socket);
  for (let turn = 0; turn < 20; turn++) {
    const before = sends;
    await nextTurn();
    expect(sends - before).toBeLessThan(10);
  }
  load.stop();
  expect(load.sent()).toBeGreaterThan(0);
});
