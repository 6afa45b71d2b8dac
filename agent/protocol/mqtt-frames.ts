/**
 * Looks at the bytes of one MQTT connection in the order they come; returns why it must be cut off, or undefined. A library
 * keeps a packet in memory until its last byte, which may be 256 MiB away. `first` is the type of the first packet, `last`
 * the highest type there is, `most` the largest length taken of each.
 */
export function createFrameCheck(rules: {
  first: number;
  last: number;
  most(type: number): number;
}): (chunk: Uint8Array) => string | undefined {
  let first = true;
  let type = 0;
  /** Bytes of the current packet still to come; -1 while its header is read. */
  let rest = -1;
  let lengthBytes = 0;
  let length = 0;

  return (chunk) => {
    let at = 0;
    while (at < chunk.length) {
      if (rest > 0) {
        const skipped = Math.min(rest, chunk.length - at);
        rest -= skipped;
        at += skipped;
        if (rest === 0) rest = -1;
        continue;
      }
      const byte = chunk[at++] as number;
      if (type === 0) {
        // MQTT 3.1.1, 2.2.1: the packet type is the high half of the first byte.
        type = byte >> 4;
        if (type === 0 || type > rules.last) return `MQTT packet type ${type} does not exist`;
        if (first && type !== rules.first) return `the first MQTT packet is of type ${type}, not ${rules.first}`;
        first = false;
        continue;
      }
      // MQTT 3.1.1, 2.2.3: the length comes in up to four groups of seven bits, the lowest first.
      length += (byte & 127) << (7 * lengthBytes);
      lengthBytes += 1;
      if (byte & 128) {
        if (lengthBytes === 4) return 'the length of an MQTT packet has more than four bytes';
        continue;
      }
      const most = rules.most(type);
      if (length > most) return `an MQTT packet of ${length} bytes, at most ${most} are taken`;
      rest = length === 0 ? -1 : length;
      type = 0;
      length = 0;
      lengthBytes = 0;
    }
    return undefined;
  };
}
