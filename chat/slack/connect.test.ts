import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { UserError } from '#base/errors.ts';
import { makeLog } from '#base/log.ts';
import { slackEvent, slashCommand } from './payloads-for-tests.ts';
import { settingsOf, startSlack } from './test-slack.ts';
import { tryOutSlack } from './try-out.ts';

const why = (error: unknown) => (error instanceof UserError ? `${error.message} ${error.hint ?? ''}` : '');

test('a wrong bot token is named, with where to find it, and so says its health', async () => {
  await using setting = await startSlack({ connect: false });
  const { slack, wire, listener } = setting;
  wire.answers.set('auth.test', () => ({ ok: false, error: 'invalid_auth' }));

  await assert.rejects(slack.start(listener), (error) => /slack\.botToken.*OAuth & Permissions/.test(why(error)));

  const health = slack.health();
  assert.match(health.up ? '' : health.why, /slack\.botToken/);
});

test('a wrong app token is named', async () => {
  await using setting = await startSlack({ connect: false });
  setting.wire.answers.set('apps.connections.open', () => ({ ok: false, error: 'invalid_auth' }));

  await assert.rejects(setting.slack.start(setting.listener), (error) => /slack\.appToken/.test(why(error)));
});

test('tokens can be tried without listening to anybody', async () => {
  await using setting = await startSlack({ connect: false });
  const { wire } = setting;
  const settings = settingsOf(wire);
  const log = makeLog('slack', 'silent');

  const good = await tryOutSlack(settings, log);
  wire.answers.set('apps.connections.open', () => ({ ok: false, error: 'invalid_auth' }));

  assert.match(good, /the bot is \w+ in the workspace \w+, and has its scopes; it may open sockets/);
  await assert.rejects(tryOutSlack(settings, log), (error) => /slack\.appToken/.test(why(error)));
  assert.equal(wire.sockets.length, 0);
});

test('a missing scope is named, and a later start goes well when it was added', async () => {
  await using setting = await startSlack({ connect: false });
  const { slack, wire, listener } = setting;
  const all = wire.granted;
  wire.granted = all.filter((scope) => scope !== 'files:write');

  await assert.rejects(slack.start(listener), (error) => /files:write.*reinstall/.test(why(error)));
  wire.granted = all;
  await slack.start(listener);

  assert.deepEqual(slack.health(), { up: true });
});

test('a token that is revoked meanwhile is told by its health, and so is one that works again', async () => {
  await using setting = await startSlack();
  const { slack, wire } = setting;

  await wire.bring('events_api', slackEvent('Ev1', { type: 'tokens_revoked', tokens: { bot: ['U0BOT'] } }));
  const revoked = slack.health();
  await slack.direct('slack:T0LAB:U0ANA');

  assert.match(revoked.up ? '' : revoked.why, /install it again/);
  assert.deepEqual(slack.health(), { up: true });
});

test('a scope that is taken away meanwhile is named, and people are heard all the same', async () => {
  await using setting = await startSlack();
  const { slack, wire } = setting;
  wire.answers.set('conversations.open', () => ({ ok: false, error: 'missing_scope', needed: 'im:write' }));

  await assert.rejects(slack.direct('slack:T0LAB:U0ANA'), /im:write/);

  const health = slack.health();
  assert.equal(health.up, true);
  assert.match(health.up ? (health.but ?? '') : '', /lacks the scope im:write \(writing direct messages\)/);
});

test('a refresh of one socket loses nothing: the other hears, and the next is opened at once', async () => {
  await using setting = await startSlack();
  const { wire, heard, slack } = setting;
  const [old] = wire.sockets;

  old?.send(JSON.stringify({ type: 'disconnect', reason: 'refresh_requested' }));
  await wire.bring('slash_commands', slashCommand('list'), { socket: 1 });
  await wire.until(() => wire.called('apps.connections.open').length === 3 && wire.sockets.length === 2);

  assert.equal(heard.commands.length, 1);
  assert.deepEqual(slack.health(), { up: true });
});

test('an answer goes by the other socket when its own is closed meanwhile', async () => {
  await using setting = await startSlack();
  const { wire, does } = setting;
  const [came, kept] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  does.command = async () => {
    came.resolve();
    await kept.promise;
    return 'public';
  };

  const acknowledged = wire.bring('slash_commands', slashCommand('list'));
  await came.promise;
  wire.sockets[0]?.terminate();
  await wire.until(() => wire.called('apps.connections.open').length === 3);
  kept.resolve();

  assert.deepEqual(await acknowledged, {});
});

test('both sockets lost are told by its health, and opened again', async () => {
  await using setting = await startSlack();
  const { wire, slack } = setting;

  for (const socket of [...wire.sockets]) socket.terminate();
  await wire.until(() => wire.called('apps.connections.open').length >= 4 && wire.sockets.length === 2);
  await wire.bring('slash_commands', slashCommand('list'));

  assert.deepEqual(slack.health(), { up: true });
});

test('Socket Mode switched off is named', async () => {
  await using setting = await startSlack();
  const { wire, slack } = setting;

  for (const socket of [...wire.sockets]) socket.send(JSON.stringify({ type: 'disconnect', reason: 'link_disabled' }));
  wire.answers.set('apps.connections.open', () => ({ ok: false, error: 'socket_mode_disabled' }));
  await wire.until(() => wire.called('apps.connections.open').length >= 4);
  await slack.stop();

  const health = slack.health();
  assert.equal(health.up, false);
});

test('over HTTP a signed call is heard and answered; any other is refused', async () => {
  const port = await freePort();
  await using setting = await startSlack({ mode: 'http', port });
  const body = new URLSearchParams(slashCommand('list') as Record<string, string>).toString();

  const good = await call(port, body, 'a signing secret of the lab');
  const bad = await call(port, body, 'another secret');

  assert.deepEqual([good, bad], [200, 401]);
  assert.deepEqual(
    setting.heard.commands.map(({ text }) => text),
    ['/vm list'],
  );
});

test('over HTTP a call of more than 1 MiB is refused, whoever signed it', async () => {
  const port = await freePort();
  await using setting = await startSlack({ mode: 'http', port });

  const status = await call(port, `text=${'x'.repeat(1024 * 1024)}`, 'a signing secret of the lab');

  assert.equal(status, 413);
  assert.equal(setting.heard.commands.length, 0);
});

async function call(port: number, body: string, secret: string): Promise<number> {
  const at = String(Math.trunc(Date.now() / 1000));
  const signature = createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex');
  const response = await fetch(`http://127.0.0.1:${port}/slack/events`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'X-Slack-Request-Timestamp': at,
      'X-Slack-Signature': `v0=${signature}`,
    },
    body,
  });
  await response.text();
  return response.status;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
