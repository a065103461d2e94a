/** Cuts QEMU's stream into Ethernet frames: each has its length before it, as four bytes, highest first. */
export function frameReader(onFrame: (frame: Buffer) => void): (bytes: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (bytes) => {
    rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
    let at = 0;
    while (rest.length - at >= 4) {
      const end = at + 4 + rest.readUInt32BE(at);
      if (rest.length < end) break;
      onFrame(rest.subarray(at + 4, end));
      at = end;
    }
    rest = rest.subarray(at);
  };
}

/** A frame as QEMU's stream carries it. */
export function writeFrame(frame: Buffer): Buffer {
  const framed = Buffer.allocUnsafe(frame.length + 4);
  framed.writeUInt32BE(frame.length, 0);
  frame.copy(framed, 4);
  return framed;
}
