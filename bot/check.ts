import { sentence } from '#base/errors.ts';
import { makeLog } from '#base/log.ts';
import { examine } from '#jobs/doctor/examine.ts';
import { marks } from '#jobs/doctor/finding.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import { databaseOf, placeOf } from '#jobs/engine/redis-url.ts';
import { channelPools } from './channel-pools.ts';
import type { Config } from './config.ts';
import { policyWarnings } from './policy.ts';
import { requireSafeRedis } from './preflight.ts';
import { makeTools } from './tools.ts';

/** `botswain check`: says of Redis, of each chat platform and of each cluster whether they fit, and what is missing. Answers the exit code. */
export async function checkConfig(config: Config): Promise<number> {
  const redis = connectRedis(config.redis.url, 'asking');
  const log = makeLog('check', 'silent');
  await using tools = makeTools(config, redis, log);
  let bad = 0;
  const report = async (what: string, look: () => Promise<string>) => {
    try {
      process.stdout.write(`✓ ${what}: ${await look()}\n`);
    } catch (error) {
      bad++;
      const { hint } = error as { hint?: string };
      process.stdout.write(`✗ ${what}: ${sentence(error)}\n${hint === undefined ? '' : `    ${hint}\n`}`);
    }
  };
  const examineRedis = async () => {
    const advice = await requireSafeRedis(redis, { ...config, redis: { ...config.redis, unsafe: 'refuse' } }, log);
    const which = `in database ${databaseOf(config.redis.url)}`;
    return [`keeps what it is given, ${which}`, ...advice.map((line) => `\n  advised: ${line}`)].join('');
  };
  if (config.redis.isNamed) await report(`Redis at ${placeOf(config.redis.url)}`, examineRedis);
  else process.stdout.write(await unnamedRedis(config, examineRedis));
  for (const warning of policyWarnings(config)) process.stdout.write(`${marks.warn} Rules: ${warning}\n`);
  const { slack, discord } = config;
  if (slack) await report('Slack', async () => (await import('#chat/slack/try-out.ts')).tryOutSlack(slack, log));
  if (discord) await report('Discord', async () => (await import('#chat/discord/try-out.ts')).tryOutDiscord(discord));
  for (const cluster of tools.clusters.values()) {
    for (const { state, topic, text, advice } of await examine(
      cluster,
      tools.settings,
      tools.clock,
      channelPools(config, cluster.name),
    )) {
      if (state === 'bad') bad++;
      process.stdout.write(`${marks[state]} Proxmox ${cluster.name}, ${topic}: ${text}\n`);
      for (const { when, next, also } of advice) {
        if (when !== undefined) process.stdout.write(`    ${when}\n`);
        process.stdout.write(`    ${next}\n`);
        if (also !== undefined) process.stdout.write(`    ${also}\n`);
      }
    }
  }
  redis.disconnect();
  return bad === 0 ? 0 : 1;
}

/** What is said of Redis when nobody named one: `up` brings its own, so that nothing there is no fault. */
async function unnamedRedis({ redis: { url } }: Config, examineRedis: () => Promise<string>): Promise<string> {
  const own = '`./botswain up` starts its own. A gateway and a worker by themselves use';
  const place = placeOf(url);
  try {
    return `${marks.good} Redis: no Redis is named (redis.url, REDIS_URL), so ${own} ${place}, which ${await examineRedis()}\n`;
  } catch (error) {
    const why = sentence(error).replaceAll('\n', '\n    ');
    return `${marks.skipped} Redis: no Redis is named (redis.url, REDIS_URL), so ${own} ${place}, and would not start now.\n    ${why}\n`;
  }
}
