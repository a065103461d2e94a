import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { test } from 'node:test';
import { systemClock } from '#base/clock.ts';
import { startGateway } from '#bot/gateway.ts';
import { slackManifest } from '#bot/manifest.ts';
import { SlackSettings } from '#chat/slack/settings.ts';
import { machinesOf } from '../setting.ts';
import { type ChatSetting, startChat } from './setting.ts';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

/** Slack calls the bot, with signatures, instead of the other way round. */
async function startOverHttp(): Promise<ChatSetting> {
  const [port, signingSecret] = [await freePort(), 'a signing secret of a test'];
  const more = { mode: 'http' as const, signingSecret, port };
  const settings = SlackSettings.parse({ ...more, botToken: 'xoxb-', url: `http://127.0.0.1:${port}` });
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

for (const [how, start] of [
  ['by Socket Mode', startChat],
  ['over HTTP', startOverHttp],
] as const) {
  test(`the main job on Slack ${how}: a slash command, a card, a thread, an approval by a second person`, async () => {
    await using chat = await start();
    const { slack, setting, onSlack } = chat;
    const [ana, ben] = [slack.user('ana'), slack.user('ben')];

    await ana.type('ops', '/vm create k8s-dev medium');
    const ready = await onSlack(/k8s-dev is ready/);
    assert.match(slack.textOf(ready), /ssh /);
    assert.deepEqual(
      machinesOf(setting.lab).map(({ name }) => name),
      ['k8s-dev'],
    );

    await ana.press(ready, 'Destroy');
    const ask = await onSlack(/Approve\?/);
    await ana.press(ask, 'Approve');
    await slack.until(
      () => slack.ephemerals('ana').some((one) => /somebody else must approve/.test(slack.textOf(one))),
      'the refusal',
    );
    await ben.press(ask, 'Approve');
    await onSlack(/is gone/);
    assert.deepEqual(machinesOf(setting.lab), []);
    chat.assertLawful();
  });
}

test('with two sockets nothing is lost while Slack refreshes the one and then the other', async () => {
  await using chat = await startChat({ slack: { rateLimits: Number.POSITIVE_INFINITY } });
  const { slack, setting } = chat;
  chat.keep(await startGateway(setting.config));
  await slack.until(() => slack.sockets === 2, 'the second socket', 10_000);
  const ana = slack.user('ana');

  const opened = () =>
    slack.calls.filter(({ method }) => method === 'apps.connections.open').length - slack.world.tickets.size;
  const typed: Promise<{ ok: boolean }>[] = [];
  for (const round of [0, 1]) {
    // The oldest one.
    slack.refresh();
    for (let at = 0; at < 5; at++) typed.push(ana.type('ops', '/vm list'));
    await Promise.all(typed);
    await slack.until(() => opened() === 3 + round && slack.sockets === 2, 'a new socket', 10_000);
  }
  await slack.until(() => slack.ephemerals('ana').length === 10, 'ten answers');

  assert.ok((await Promise.all(typed)).every(({ ok }) => ok));
  chat.assertLawful();
});
