import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { limits } from '../../agent/protocol/limits.ts';
import { createFrameCheck as createMqttFrameCheck } from '../../agent/protocol/mqtt-frames.ts';
import { headendLimits } from '../limits.ts';

/** MQTT 3.1.1, 2.2.1. */
const packetTypes = { connect: 1, publish: 3, disconnect: 14 };

/**
 * Watches a connection's MQTT frames before the broker gathers them, and cuts it off when one announces more than is taken.
 */
export function guardFrames(socket: Socket): Duplex {
  const check = createFrameCheck();
  const guarded = new Duplex({
    read: () => void socket.resume(),
    write: (chunk, encoding, done) => void socket.write(chunk, encoding, done),
    final: (done) => void socket.end(done),
    destroy(error, done) {
      socket.destroy();
      done(error);
    },
  });
  socket.on('data', (chunk) => {
    const refusal = check(chunk as Buffer);
    if (refusal !== undefined) guarded.destroy(new Error(refusal));
    else if (!guarded.push(chunk)) socket.pause();
  });
  socket.on('end', () => guarded.push(null));
  socket.on('error', (error) => guarded.destroy(error));
  socket.on('close', () => guarded.destroy());
  return guarded;
}

/** The check of one connection of a box, by MQTT 3.1.1: the first packet is CONNECT, and only a PUBLISH may be large. */
export function createFrameCheck(): (chunk: Uint8Array) => string | undefined {
  return createMqttFrameCheck({
    first: packetTypes.connect,
    last: packetTypes.disconnect,
    most: (type) => headendLimits.mqttPacketBytes + (type === packetTypes.publish ? limits.artifactBytes : 0),
  });
}
