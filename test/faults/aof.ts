import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { RedisServer } from '../redis.ts';

/** The file that a Redis appends to, and how long it is now. */
export function aofOf({ folder }: RedisServer): { readonly file: string; readonly bytes: number } {
  const dir = join(folder, 'appendonlydir');
  const name = readdirSync(dir).find((one) => one.endsWith('.incr.aof'));
  if (!name) throw new Error(`There is no AOF in ${dir}.`);
  const file = join(dir, name);
  return { file, bytes: statSync(file).size };
}
