import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

const scripts = {
  mark: load('mark'),
  take: load('take'),
  hold: load('hold'),
  note: load('note'),
  settle: load('settle'),
  spend: load('spend'),
  shut: load('shut'),
};

/** Runs one of the Lua scripts beside this file; each says in its head what it takes and answers. */
export async function runScript(
  redis: Redis,
  name: keyof typeof scripts,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  const { sha, source } = scripts[name];
  try {
    return await redis.evalsha(sha, keys.length, ...keys, ...args);
  } catch (error) {
    // A Redis that was restarted or replaced does not know our scripts yet.
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return await redis.eval(source, keys.length, ...keys, ...args);
  }
}

function load(name: string) {
  const source = readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}
