import { systemClock } from '#base/clock.ts';
import { sentence } from '#base/errors.ts';
import { answerForgotten } from './hear/answer-once.ts';
import type { Office } from './office.ts';
import { rollBackKept } from './show/kept.ts';

const everyMs = 5_000;

/** Every now and then: answers what gateways that died did not, and rolls back what was kept long enough. Ends with the signal. */
export async function startUpkeep(office: Office, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await systemClock.sleep(everyMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    for (const act of [answerForgotten, rollBackKept]) {
      await act(office).catch((error: unknown) => {
        if (!signal.aborted) office.log.warn({ reason: sentence(error) }, 'upkeep waits');
      });
    }
  }
}
