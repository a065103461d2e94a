import type { Redis } from 'ioredis';
import { gated } from './redis.ts';

/** What of this Redis' settings would lose runs, one sentence each; empty when all is well. Rejects with a `RemoteError` when Redis cannot be asked. */
export async function preflight(redis: Redis): Promise<string[]> {
  const facts = parseFacts(await gated(redis, () => redis.info()));
  const complaints: string[] = [];
  const version = facts.get('redis_version') ?? '0';
  if (!atLeast(version, [6, 2])) {
    complaints.push(`redis_version is ${version}; Botswain needs Redis 6.2 or newer.`);
  }
  const role = facts.get('role');
  if (role !== 'master') {
    complaints.push(`role is ${role}; give REDIS_URL the address of the master, a replica may lack the last changes.`);
  }
  if (facts.get('aof_enabled') !== '1') {
    complaints.push('appendonly is no: a crash of Redis would lose runs. Set `appendonly yes` in redis.conf.');
  }
  const policy = facts.get('maxmemory_policy');
  if (policy !== 'noeviction') {
    complaints.push(`maxmemory-policy is ${policy}: Redis would throw runs away. Set \`maxmemory-policy noeviction\`.`);
  }
  return complaints;
}

function parseFacts(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [actualMajor = 0, actualMinor = 0] = version.split('.').map(Number);
  return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}
