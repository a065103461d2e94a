import type { Redis } from 'ioredis';
import { type Clock, systemClock } from '#base/clock.ts';
import { spell } from '#base/duration.ts';
import { RemoteError } from '#base/errors.ts';
import { gated } from './redis.ts';

/** Runs go by Redis' clock; what a few seconds more would spoil are the times that people read. */
const mostSkewMs = 2_000;

/** What of a Redis' settings would lose runs, and what is only advised; one sentence each. */
export interface Fitness {
  readonly complaints: readonly string[];
  readonly advice: readonly string[];
}

/** Looks at this Redis' settings, and at the clock here beside its own; both lists are empty when all is well. Rejects with a `RemoteError` when Redis cannot be asked. */
export async function preflight(redis: Redis, clock: Clock = systemClock): Promise<Fitness> {
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
  const sync = facts.get('aof_enabled') === '1' ? await readSync(redis) : undefined;
  const advice: string[] = [];
  if (sync === 'no' || sync === 'everysec') {
    const what = sync === 'no' ? 'whatever the kernel still held' : 'what was accepted and decided in the last second';
    complaints.push(`appendfsync is ${sync}: a power cut would lose ${what}. Set \`appendfsync always\`.`);
  }
  if (sync === 'unknown') {
    advice.push('This Redis does not tell its appendfsync; anything but `always` may lose the last second.');
  }
  const aheadMs = await readSkew(redis, clock);
  if (Math.abs(aheadMs) > mostSkewMs) {
    const how = `${spell(Math.abs(aheadMs))} ${aheadMs > 0 ? 'ahead of' : 'behind'}`;
    advice.push(
      `The clock here is ${how} Redis': times that are shown will not fit together. Run NTP on both machines.`,
    );
  }
  return { complaints, advice };
}

/**
 * Rejects with a `RemoteError` when Redis does not let this connection into the database that its address names.
 * ioredis goes on in database 0 then, among what somebody else keeps there.
 */
export async function requireDatabase(redis: Redis): Promise<void> {
  const database = redis.options.db ?? 0;
  if (database === 0) return;
  try {
    await gated(redis, () => redis.select(database));
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ReplyError')) throw error;
    const said = error.message.replace(/^ERR /, '').replace(/\.$/, '');
    throw new RemoteError('Redis', `It refuses the database ${database} that redis.url (REDIS_URL) names: ${said}.`, {
      outcome: 'permanent',
      hint: 'Name one that it has: `redis-cli CONFIG GET databases` tells how many there are, from 0 on.',
      cause: error,
    });
  }
}

/** By how much the clock here is ahead of Redis', ms; wrong by half of the way there and back at most. */
async function readSkew(redis: Redis, clock: Clock): Promise<number> {
  const before = clock.now();
  const [seconds, micros] = await gated(redis, () => redis.time());
  return (before + clock.now()) / 2 - (Number(seconds) * 1000 + Number(micros) / 1000);
}

/** `unknown` where CONFIG is not for everybody, as on many hosted ones. */
async function readSync(redis: Redis): Promise<string> {
  const answer = await gated(redis, () => redis.config('GET', 'appendfsync')).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'ReplyError') return undefined;
    throw error;
  });
  return parsePair(answer) ?? 'unknown';
}

/** A list of name and value, or a map in the newer protocol. */
function parsePair(answer: unknown): string | undefined {
  const value = Array.isArray(answer) ? answer[1] : (answer as { appendfsync?: unknown } | undefined)?.appendfsync;
  return typeof value === 'string' ? value : undefined;
}

function parseFacts(text: string): Map<string, string> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}

function atLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [actualMajor = 0, actualMinor = 0] = version.split('.').map(Number);
  return actualMajor > major || (actualMajor === major && actualMinor >= minor);
}
