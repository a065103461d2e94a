import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Redis } from 'ioredis';

const prelude = read('prelude');
const scripts = {
  submit: load('submit'),
  claim: load('claim'),
  renew: load('renew'),
  commit: load('commit'),
  park: load('park'),
  finish: load('finish'),
  'give up': load('give-up'),
  take: load('take'),
  say: load('say'),
  vote: load('vote'),
  cancel: load('cancel'),
  keep: load('keep'),
  reopen: load('reopen'),
  release: load('release'),
  due: withSha(read('due')),
  announce: withSha(read('announce')),
} as const;

export type ScriptName = keyof typeof scripts;

/** Runs one of the Lua scripts beside this file. All of them answer a list of strings, the first of which says how it went. */
export async function call(
  redis: Redis,
  name: ScriptName,
  keys: readonly string[],
  args: readonly (string | number)[],
): Promise<string[]> {
  const { sha, source } = scripts[name];
  try {
    return (await redis.evalsha(sha, keys.length, ...keys, ...args)) as string[];
  } catch (error) {
    // A Redis that was restarted or replaced does not know our scripts yet.
    if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
    return (await redis.eval(source, keys.length, ...keys, ...args)) as string[];
  }
}

function load(name: string) {
  return withSha(`${prelude}\n${read(name)}`);
}

function withSha(source: string) {
  return { source, sha: createHash('sha1').update(source).digest('hex') };
}

function read(name: string): string {
  return readFileSync(new URL(`./scripts/${name}.lua`, import.meta.url), 'utf8');
}
