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

/** What is left of an answer whose body comes in pieces: `fetch`'s, and what is like it. */
export interface Streamed {
  readonly status: number;
  readonly statusText: string;
  readonly headers: Iterable<[string, string]>;
  readonly body: AsyncIterable<Uint8Array> | null;
}

/** The same answer with its body read, for a library that would read it without a limit. Throws a {@link TooLong}. */
export async function readWhole(answer: Streamed, mostBytes: number): Promise<Response> {
  const { status, statusText, headers, body } = answer;
  const bytes = body === null ? undefined : await readAtMost(body, mostBytes);
  // A 204 may have no body, not even an empty one.
  return new Response(bytes?.length ? new Uint8Array(bytes) : null, { status, statusText, headers: [...headers] });
}
