import type { Readable } from 'node:stream';
import { spellBytes } from '#base/amounts.ts';
import { spell } from '#base/duration.ts';
import { readAtMost, TooLong } from '#base/read-at-most.ts';

/** What one answer may cost. */
export interface AnswerLimits {
  readonly mostBytes: number;
  /** From the answer's head to its end, ms. */
  readonly wholeMs: number;
}

/**
 * The longest honest answer is /cluster/resources with about half a KiB a row: 16 MiB are more than
 * thirty thousand rows. Proxmox VE gives up on its own calls after 30 s.
 */
export const usualLimits: AnswerLimits = { mostBytes: 16 * 1024 ** 2, wholeMs: 40_000 };

/** An answer broke its limits; the connection it came on is closed. The message goes behind "its answer". */
export class AnswerTooLong extends Error {
  override readonly name = 'AnswerTooLong';
}

/** Reads an answer's body as text. Throws {@link AnswerTooLong} as soon as it breaks a limit. */
export async function readBody(body: Readable, { mostBytes, wholeMs }: AnswerLimits): Promise<string> {
  const late = new AnswerTooLong(`had not ended after ${spell(wholeMs)}`);
  const timer = setTimeout(() => body.destroy(late), wholeMs);
  try {
    const bytes = await readAtMost(body, mostBytes);
    if (bytes.length > countedFromBytes) checkValues(bytes);
    return bytes.toString('utf8');
  } catch (error) {
    throw error instanceof TooLong ? new AnswerTooLong(`is longer than ${spellBytes(mostBytes)}`) : error;
  } finally {
    clearTimeout(timer);
  }
}

/** Shorter ones can't hold so much that parsing them takes long. */
const countedFromBytes = 1024 ** 2;
/** Four times what a cluster of ten thousand VMs answers. */
const mostValues = 1_000_000;

/**
 * 16 MiB of empty objects become 360 MiB of memory and take the worker for five seconds. Signs in
 * texts count too: they are far fewer than the limit in any honest answer.
 */
function checkValues(bytes: Buffer): void {
  let values = 0;
  for (const byte of bytes) if (byte === 0x2c || byte === 0x5b || byte === 0x7b) values++;
  if (values > mostValues) throw new AnswerTooLong('holds more than a million values');
}
