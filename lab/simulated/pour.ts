import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Writes the same bytes again and again, as fast as they are taken, until the stream is closed. */
export async function pour(stream: Writable, bytes: Buffer): Promise<void> {
  const gone = once(stream, 'close').catch(() => undefined);
  stream.on('error', () => undefined);
  while (!stream.destroyed && !stream.writableEnded) {
    if (stream.write(bytes)) await new Promise((resolve) => setImmediate(resolve));
    else await Promise.race([gone, once(stream, 'drain').catch(() => undefined)]);
  }
}
