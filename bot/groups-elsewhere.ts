import { systemClock } from '#base/clock.ts';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { ChatPlatform } from '#chat/platform.ts';

/** Whoever acts waits for it, and platforms wait for an acknowledgement: what takes longer is left out, ms. */
const mostMs = 500;

/** Asks the platform of a linked account for its groups. Never rejects: what a platform does not say in time gives no rights. */
export function groupsElsewhere(
  platforms: () => ReadonlyMap<string, Pick<ChatPlatform, 'groupsOf'>>,
  log: Log,
): (account: string) => Promise<readonly string[]> {
  return async (account) => {
    const over = new AbortController();
    const late = systemClock.sleep(mostMs, over.signal).then(
      () => {
        log.warn({ account }, 'the groups of a linked account were not told in time');
        return [];
      },
      () => [],
    );
    try {
      return await Promise.race([
        platforms()
          .get(account.split(':')[0] ?? '')
          ?.groupsOf(account) ?? [],
        late,
      ]);
    } catch (error) {
      log.warn({ account, reason: sentence(error) }, 'the groups of a linked account could not be read');
      return [];
    } finally {
      over.abort();
    }
  };
}
