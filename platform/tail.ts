/** The end of a stream of bytes: counts all, keeps the last `limit`. */
export type Tail = {
  add(chunk: Uint8Array): void;
  text(): string;
  total(): number;
};

export function createTail(limit: number): Tail {
  let kept: Uint8Array[] = [];
  let keptBytes = 0;
  let total = 0;
  const join = () => {
    const bytes = Buffer.concat(kept);
    return bytes.subarray(Math.max(0, bytes.length - limit));
  };
  return {
    add(chunk) {
      total += chunk.length;
      kept.push(chunk);
      keptBytes += chunk.length;
      if (keptBytes < 2 * limit + chunk.length) return;
      const end = Buffer.from(join());
      kept = [end];
      keptBytes = end.length;
    },
    text: () => decode(join(), total > limit),
    total: () => total,
  };
}

/** Text of bytes whose first character may be cut in two: its last bytes (10xxxxxx in UTF-8, at most 3) are left out. */
function decode(bytes: Buffer, cut: boolean): string {
  let from = 0;
  while (cut && from < 3 && ((bytes[from] ?? 0) & 0xc0) === 0x80) from += 1;
  return new TextDecoder().decode(bytes.subarray(from));
}
