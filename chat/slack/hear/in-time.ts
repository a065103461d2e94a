import type { Clock } from '#base/clock.ts';

/** Slack waits 3 s for an acknowledgement; the way there takes some of it. */
const patienceMs = 2500;

export type InTime<T> = { readonly heard: T } | { readonly failed: unknown } | { readonly late: Promise<T> };

/** What comes of something within the time that Slack waits, and whether it does. Never rejects. */
export async function inTime<T>(work: Promise<T>, clock: Clock): Promise<InTime<T>> {
  const over = new AbortController();
  const settled = work.then(
    (heard): InTime<T> => ({ heard }),
    (failed: unknown): InTime<T> => ({ failed }),
  );
  const late = clock.sleep(patienceMs, over.signal).then(
    (): InTime<T> => ({ late: work }),
    () => settled,
  );
  const first = await Promise.race([settled, late]);
  over.abort();
  return first;
}
