import { sentence } from '#base/errors.ts';
import { makeLog } from '#base/log.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import { readPermissions, readVersion } from '#proxmox/nodes.ts';
import { missingPrivileges } from '#proxmox/roles.ts';
import type { Config } from './config.ts';
import { requireSafeRedis } from './preflight.ts';
import { makeTools } from './tools.ts';

/** `botswain check`: says of Redis and of each cluster whether they fit, and what is missing. Answers the exit code. */
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
      process.stdout.write(`✗ ${what}: ${sentence(error)}\n`);
    }
  };
  await report('Redis', async () => {
    const advice = await requireSafeRedis(redis, { ...config, redis: { ...config.redis, unsafe: 'refuse' } }, log);
    return ['keeps what it is given', ...advice.map((line) => `\n  advised: ${line}`)].join('');
  });
  for (const { name, api, settings } of tools.clusters.values()) {
    await report(`Proxmox ${name}`, async () => {
      const version = await readVersion(api);
      const missing = missingPrivileges(await readPermissions(api), settings, version);
      if (missing.length > 0) throw new Error(`the token lacks ${missing.join('; ')}`);
      return `version ${version.release}, and the token may do what is needed`;
    });
  }
  redis.disconnect();
  return bad === 0 ? 0 : 1;
}
