import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import type { Logger } from 'pino';
import * as v from 'valibot';
import { idSchema } from '../../agent/protocol/messages.ts';
import type { Fleet } from '../fleet/fleet.ts';

/** PNG files begin with these bytes (PNG specification, 5.2). */
const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Takes an artifact that came over MQTT, where no HTTP upload was reachable. The topic names the action; MQTT itself has checked the
 * bytes' length, so the digest stored is that of what came. One about another box's action is dropped.
 */
export async function receiveArtifact(
  fleet: Fleet,
  box: string,
  action: string,
  bytes: Buffer,
  log: Logger,
): Promise<void> {
  if (!v.is(idSchema, action) || fleet.store.actions.get(action)?.box !== box) {
    fleet.counters.strayReports += 1;
    log.warn({ box, action }, 'an artifact of an action this box was never given');
    return;
  }
  const state = await fleet.uploads.put({
    action,
    box,
    contentType: bytes.subarray(0, 8).equals(pngSignature) ? 'image/png' : 'application/octet-stream',
    sha256: createHash('sha256').update(bytes).digest('hex'),
    start: 0,
    total: bytes.length,
    bytes: Readable.from([bytes]),
  });
  if (state.whole) log.info({ box, action, bytes: state.artifact.bytes }, 'artifact stored');
}
