import { once } from 'node:events';
import { connect } from 'node:net';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { slackManifest } from '#bot/manifest.ts';
import { SlackSettings } from '#chat/slack/settings.ts';
import { freePort } from '../redis.ts';
import { type ChatSetting, startChat } from './setting.ts';
import { playMainJob } from './slack-main-job.ts';

/** Slack calls the bot, with signatures, instead of the other way round. */
async function startOverHttp(): Promise<ChatSetting> {
  const [port, signingSecret] = [await freePort(), 'a signing secret of a test'];
  const more = { mode: 'http' as const, signingSecret, port };
  const settings = SlackSettings.parse({ ...more, botToken: 'xoxb-3141-5926-rZq8', url: `http://127.0.0.1:${port}` });
  const chat = await startChat({
    slack: { manifest: slackManifest(settings), signingSecret, requestUrl: `http://127.0.0.1:${port}/slack/events` },
    absent: 'slack',
    change: (written) => ({ ...written, ...(written.slack ? { slack: { ...written.slack, ...more } } : {}) }),
  });
  const listens = async () => {
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([
      once(socket, 'connect').then(() => true),
      once(socket, 'error').then(() => false),
    ]).catch(() => false);
    socket.destroy();
    return open;
  };
  while (!(await listens())) await systemClock.sleep(5);
  return chat;
}

test('the main job over HTTP: Slack calls the bot, and each call is signed', async () => {
  await using chat = await startOverHttp();

  await playMainJob(chat);
});
