import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';
import { RemoteError } from '#base/errors.ts';
import { atSite } from '#base/site.ts';

const scripts = {
  vmid: load('vmid'),
  name: load('name'),
  numberedName: load('numbered-name'),
  room: load('room'),
  release: load('release'),
  rest: load('rest'),
  giveBack: load('give-back'),
} as const;

/** Runs one of the Lua scripts beside this file. All of them answer a list of strings, the first of which says how it went. */
export async function call(
  redis: Redis,
  name: keyof typeof scripts,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<string[]> {
  const { sha, source } = scripts[name];
  const send = async () => {
    try {
      return (await redis.evalsha(sha, keys.length, ...keys, ...args)) as string[];
    } catch (error) {
      // A Redis that was restarted or replaced does not know our scripts yet.
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return (await redis.eval(source, keys.length, ...keys, ...args)) as string[];
    }
  };
  return asking(() => atSite(`claims ${name}`, send));
}

/**
 * What Redis answers. Trouble with Redis becomes a passing `RemoteError`, also when only the answer was lost: whoever asks for a claim again
 * in the name of the same run is given the same one.
 */
export async function asking<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError' && !troubles.test(error.message)) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new RemoteError('Redis', `Claims can't be read or written now: ${reason}`, {
      outcome: 'passing',
      cause: error,
    });
  }
}

/** Redis understood, and could not at the time. */
const troubles = /^(OOM|MISCONF|LOADING|READONLY|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MAXCLIENTS|ERR max)/;

function load(name: string): { readonly sha: string; readonly source: string } {
  const source = readFileSync(new URL(`./${name}.lua`, import.meta.url), 'utf8');
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
