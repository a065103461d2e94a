import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { environment } from '#bot/environment.ts';
import { supervise } from '#bot/up/supervise.ts';
import type { Setting, Written } from '../setting.ts';
import { entry } from '../up.ts';
import { startChat } from './setting.ts';

/** The same configuration for a gateway of its own, which shares nothing with the one of the setting. */
function ownConfig({ configFile, config }: Setting, folder: string): string {
  const written = JSON.parse(readFileSync(configFile, 'utf8')) as Written;
  const redis = { ...written.redis, prefix: `${config.redis.prefix}-own` };
  const file = join(folder, 'config.yaml');
  writeFileSync(file, JSON.stringify({ ...written, redis, log: { level: 'info' } }));
  return file;
}

test('a gateway tells its log, and `up` that started it, what is wrong with a platform, at the start and later', async () => {
  await using chat = await startChat({ tokens: { slack: 'xoxb-wrong' } });
  const folder = mkdtempSync(join(tmpdir(), 'botswain-told-'));
  const logFile = join(folder, 'gateway.log');
  const said: string[] = [];
  const saying = async (pattern: RegExp) => {
    for (let tries = 0; tries < 500 && !said.some((line) => pattern.test(line)); tries++) await systemClock.sleep(20);
  };
  const env = { ...environment(), REDIS_URL: chat.setting.config.redis.url };
  const sessions = chat.discord.gateway.connected();

  const gateway = await supervise('gateway', ['--config', ownConfig(chat.setting, folder)], {
    ...{ entry, logFile, env },
    say: (line) => said.push(line),
  });
  await saying(/Slack/);
  await chat.discord.until(() => chat.discord.gateway.connected() > sessions, 'the session of the gateway');
  chat.discord.resetToken();
  await saying(/Discord/);
  await gateway.stop();

  const logged = readFileSync(logFile, 'utf8').trimEnd().split('\n');
  const texts = logged.map((line) => (JSON.parse(line) as { msg: string }).msg);
  const slack =
    /Slack: slack\.botToken: Slack does not know the token \(invalid_auth\)\. Copy the Bot User OAuth Token/;
  const discord = /Discord: discord\.token: it does not know the bot’s token\. Copy it/;
  for (const pattern of [slack, discord]) {
    assert.equal(said.filter((line) => pattern.test(line)).length, 1, said.join('\n'));
    assert.equal(texts.filter((text) => pattern.test(text)).length, 1, texts.join('\n'));
  }
  rmSync(folder, { recursive: true });
});
