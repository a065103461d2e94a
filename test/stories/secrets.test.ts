import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Redis } from 'ioredis';
import { slackManifest } from '#bot/manifest.ts';
import { startDiscord } from '#lab/discord/start.ts';
import { startSlack } from '#lab/slack/start.ts';
import { startChild } from '../child.ts';
import { openConsole } from '../console.ts';
import { type Setting, startSetting, type Written } from '../setting.ts';

test('no token, no secret and no private key reaches Redis, a card or a log line', async () => {
  await using slack = await startSlack({ manifest: slackManifest(undefined) });
  await using discord = await startDiscord();
  const { botToken, appToken } = slack.app;
  const chat = {
    slack: { botToken, appToken, apiUrl: slack.apiUrl },
    discord: { token: discord.token, guild: discord.guildId, apiUrl: discord.api },
  };
  await using setting = await startSetting({ workers: 0, change: (written) => ({ ...written, ...chat }) });
  await using program = await startChild('all', await talkative(setting));
  await using ana = await openConsole(program.url, 'ana');
  await using ben = await openConsole(program.url, 'ben');

  await ana.type('/vm create works medium');
  await ana.until(/works is ready/);
  setting.lab.faults.push({ method: 'POST', path: /clone$/, status: 401 });
  await ana.type('/vm create refused medium');
  await ana.until(/create refused on pve\d failed/);
  setting.lab.faults.push({ method: 'PUT', path: /config$/, mode: 'drop-before' });
  await ana.type('/vm create interrupted medium');
  await ana.until(/interrupted is ready|Trying again|Looking/);
  await ana.type('/vm destroy works');
  await ben.until(/Approve\? destroy works/);
  await ben.press('Approve');
  await ana.until(/works \(VM 5000\) is gone/);
  await slack.until(() => slack.sockets > 0, 'the bot on Slack', 10_000);
  await discord.until(
    () => discord.world.commands.size > 0 && discord.gateway.connected() > 0,
    'it on Discord',
    10_000,
  );
  slack.faults.push({ on: 'api', method: 'chat.postMessage', mode: 'status', status: 503 });
  discord.faults.push({ on: 'rest', path: 'webhooks', mode: 'status', status: 500 });
  await slack.user('ana').type('ops', '/vm create on-slack');
  await discord.user('ana').type('ops', '/vm list');
  await slack.until(() => slack.messages('ops').some((one) => /is ready/.test(slack.textOf(one))), 'the VM', 15_000);
  await ana.type('/job list');
  await ana.until(/destroy works/);

  const { privateKey } = setting.config.ssh;
  const interactions = [...discord.world.interactions.values()].map(({ token }) => token);
  const tokens = [botToken, appToken, slack.app.signingSecret, discord.token, ...interactions];
  const secrets = [...tokens, setting.lab.token.secret, 'PRIVATE KEY', privateKey.split('\n')[2] ?? ''];
  const places = { redis: await everythingIn(setting), log: program.log(), cards: ana.transcript() };
  for (const [place, text] of Object.entries(places)) {
    assert.ok(text.length > 200, `${place} is suspiciously empty`);
    for (const secret of secrets) assert.equal(text.includes(secret), false, `${place} tells ${secret.slice(0, 12)}…`);
  }
});

/** The same configuration, with all that can be logged. */
async function talkative({ configFile }: Setting): Promise<string> {
  const file = join(configFile, '..', 'talkative.json');
  const written = JSON.parse(await readFile(configFile, 'utf8')) as Written;
  await writeFile(file, JSON.stringify({ ...written, log: { level: 'debug' } }));
  return file;
}

async function everythingIn({ redis, config }: Setting): Promise<string> {
  const keys = await redis.keys(`{${config.redis.prefix}}*`);
  const values = await Promise.all(keys.map((key) => readKey(redis, key)));
  return keys.map((key, at) => `${key} ${JSON.stringify(values[at])}`).join('\n');
}

async function readKey(redis: Redis, key: string): Promise<unknown> {
  switch (await redis.type(key)) {
    case 'string':
      return redis.get(key);
    case 'hash':
      return redis.hgetall(key);
    case 'list':
      return redis.lrange(key, 0, -1);
    case 'set':
      return redis.smembers(key);
    case 'zset':
      return redis.zrange(key, '0', '-1');
    case 'stream':
      return redis.xrange(key, '-', '+');
    case 'none':
      // It went away since the keys were listed.
      return undefined;
    default:
      throw new Error(`${key} is of a kind that this test does not read`);
  }
}
