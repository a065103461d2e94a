import { spellBytes } from './amounts.ts';

/** A far side sent more than anybody here reads. */
export class TooLong extends Error {
  override readonly name = 'TooLong';
  /** So many bytes were read at most. */
  readonly mostBytes: number;
  constructor(mostBytes: number) {
    super(`longer than ${spellBytes(mostBytes)}`);
    this.mostBytes = mostBytes;
  }
}

/**
 * Reads a body to its end, and no further than `mostBytes`: then it leaves the body, which closes
 * the connection behind it, and throws a {@link TooLong}. The time is the signal's of whoever asked.
 */
export async function readAtMost(body: AsyncIterable<Uint8Array>, mostBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > mostBytes) throw new TooLong(mostBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
