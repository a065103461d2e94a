import { spellBytes } from '#base/amounts.ts';
import { spell } from '#base/duration.ts';
import { RemoteError } from '#base/errors.ts';
import { readAtMost, TooLong } from '#base/read-at-most.ts';

export interface FetchLimits {
  readonly mostBytes: number;
  /** For all of it: the connection, redirects, and the body to its end. */
  readonly limitMs: number;
}

/** The longest SUMS file that vendors publish has some hundred KiB. */
const usual: FetchLimits = { mostBytes: 4 * 1024 * 1024, limitMs: 30_000 };

/**
 * The text behind an HTTP(S) address, read no further than its limits: 4 MiB, unpacked, in 30 s.
 * Throws a `RemoteError` that names the host, or the signal's reason when that is aborted.
 */
export async function fetchText(url: string, signal: AbortSignal, limits: FetchLimits = usual): Promise<string> {
  const { host } = new URL(url);
  const { mostBytes, limitMs } = limits;
  const over = AbortSignal.timeout(limitMs);
  try {
    const answer = await fetch(url, { signal: AbortSignal.any([signal, over]), redirect: 'follow' });
    if (!answer.ok) {
      await answer.body?.cancel();
      const outcome = answer.status >= 500 ? 'passing' : 'permanent';
      throw new RemoteError(host, `${url} answers ${answer.status} ${answer.statusText}`, { outcome });
    }
    return answer.body === null ? '' : (await readAtMost(answer.body, mostBytes)).toString('utf8');
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof RemoteError) throw error;
    if (error instanceof TooLong) throw tooLong(host, url, error);
    const why = over.aborted ? `it had not ended after ${spell(limitMs)}` : reason(error);
    throw new RemoteError(host, `${url} can't be read: ${why}`, { outcome: 'passing', cause: error });
  }
}

function tooLong(host: string, url: string, cause: TooLong): RemoteError {
  const words = `${url} has more than ${spellBytes(cause.mostBytes)}, and nobody reads on`;
  return new RemoteError(host, words, { outcome: 'permanent', cause, hint: 'Is it the address of the file itself?' });
}

function reason(error: unknown): string {
  const { cause, message } = error as Error;
  return cause instanceof Error ? cause.message : message;
}
