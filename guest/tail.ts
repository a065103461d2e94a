const blockBytes = 64 * 1024;

/**
 * Keeps the last `mostBytes` of a stream, and at most two blocks more while it runs. The bytes are
 * copied: a chunk of one byte would else hold the whole of the packet that it came in.
 */
export function keepTail(mostBytes: number) {
  const full: Buffer[] = [];
  let block = Buffer.alloc(0);
  let used = 0;
  let total = 0;
  return {
    add(chunk: Buffer): void {
      total += chunk.length;
      for (let at = 0; at < chunk.length; ) {
        if (used === block.length) nextBlock();
        const copied = chunk.copy(block, used, at);
        used += copied;
        at += copied;
      }
    },
    /** What was kept, as text; a character whose first bytes are gone is left out. */
    text(): string {
      const kept = Buffer.concat([...full, block.subarray(0, used)]).subarray(-mostBytes);
      if (total <= mostBytes) return kept.toString('utf8');
      const start = kept.findIndex((byte) => (byte & 0xc0) !== 0x80);
      return kept.subarray(Math.max(0, start)).toString('utf8');
    },
  };

  function nextBlock(): void {
    if (used > 0) full.push(block);
    while ((full.length - 1) * blockBytes >= mostBytes) full.shift();
    block = Buffer.allocUnsafe(blockBytes);
    used = 0;
  }
}
