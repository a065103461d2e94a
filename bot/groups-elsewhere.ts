import { capitalized } from '#base/capitalized.ts';
import { systemClock } from '#base/clock.ts';
import { RemoteError, sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { ChatPlatform } from '#chat/platform.ts';

/** Whoever acts waits for it, and platforms wait for an acknowledgement: what takes longer is left out, ms. */
const mostMs = 500;

type Platforms = () => ReadonlyMap<string, Pick<ChatPlatform, 'groupsOf' | 'outsideOf'>>;

/** Asks the platform of a linked account for its groups. Never rejects: what a platform does not say in time gives no rights. */
export function groupsElsewhere(platforms: Platforms, log: Log): (account: string) => Promise<readonly string[]> {
  return (account) => inTime(account, log, [], async () => (await of(platforms, account)?.groupsOf(account)) ?? []);
}

/** Asks an account's platform whether it is still one of its own. Rejects with a `RemoteError` when that is not said in time. */
export function outsideElsewhere(platforms: Platforms, log: Log): (account: string) => Promise<string | undefined> {
  return async (account) => {
    const name = account.split(':')[0] ?? '';
    const platform = platforms().get(name);
    if (!platform) return `your platform (${name}) is not connected any more`;
    const unsaid = { unsaid: true } as const;
    const said = await inTime<{ outside: string | undefined } | typeof unsaid>(account, log, unsaid, async () => ({
      outside: await platform.outsideOf(account),
    }));
    if ('outside' in said) return said.outside;
    throw new RemoteError(capitalized(name), `does not say whether ${account} is still there.`, { outcome: 'passing' });
  };
}

const of = (platforms: Platforms, account: string) => platforms().get(account.split(':')[0] ?? '');

async function inTime<T>(account: string, log: Log, otherwise: T, ask: () => Promise<T>): Promise<T> {
  const over = new AbortController();
  const late = systemClock.sleep(mostMs, over.signal).then(
    () => {
      log.warn({ account }, 'a platform did not tell of an account in time');
      return otherwise;
    },
    () => otherwise,
  );
  try {
    return await Promise.race([ask(), late]);
  } catch (error) {
    log.warn({ account, reason: sentence(error) }, 'a platform could not tell of an account');
    return otherwise;
  } finally {
    over.abort();
  }
}
