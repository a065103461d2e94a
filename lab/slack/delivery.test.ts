import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { startApp, webClient } from './app-for-tests.ts';
import { startSlack } from './start.ts';

test('everything may be delivered twice, by both sockets, under one envelope', async () => {
  await using lab = await startSlack();
  await using one = await startApp(lab);
  await using two = await startApp(lab);
  lab.faults.push({ on: 'delivery', mode: 'again', times: Number.POSITIVE_INFINITY });

  await lab.user('ana').type('ops', '/vm list');
  await lab.redeliver();
  await lab.until(() => one.heard.length + two.heard.length === 4);

  const ids = [...one.heard, ...two.heard].map(({ envelope_id }) => envelope_id);
  assert.equal(new Set(ids).size, 1);
  assert.deepEqual([one.heard.length, two.heard.length], [2, 2]);
  assert.deepEqual(lab.violations, []);
});

test('each thing goes to one of the open sockets', async () => {
  await using lab = await startSlack();
  await using one = await startApp(lab);
  await using two = await startApp(lab);

  for (let time = 0; time < 4; time++) await lab.user('ana').type('ops', `/vm list ${time}`);

  assert.deepEqual([one.heard.length, two.heard.length], [2, 2]);
});

test('a socket that Slack refreshes hears nothing more, and the other hears everything', async () => {
  await using lab = await startSlack({ refreshMs: 1 });
  await using _one = await startApp(lab);
  await using two = await startApp(lab);

  lab.refresh(0);
  const shown = await lab.user('ana').type('ops', '/vm list');

  assert.equal(shown.ok, true);
  assert.equal(two.heard.length, 1);
});

test('an acknowledgement may be lost with its socket', async () => {
  await using lab = await startSlack({ ackMs: 40 });
  await using app = await startApp(lab);
  lab.faults.push({ on: 'delivery', mode: 'drop-at-ack' });

  const shown = await lab.user('ana').type('ops', '/vm list');

  assert.equal(shown.error, 'operation_timeout');
  // The app's side has closed it; Slack's side notices a moment later.
  await lab.until(() => lab.sockets === 0);
  assert.equal(app.heard.length, 1);
});

test('an event that is not acknowledged comes again three times', async () => {
  await using lab = await startSlack({
    ackMs: 5,
    manifest: 'settings: { event_subscriptions: { bot_events: [app_mention] } }',
  });
  await using app = await startApp(lab, () => undefined);
  const comes = async (times: number) => {
    await lab.until(() => app.heard.length === times && lab.deliveries.at(-1)?.outcome);
    lab.pass(300_000);
  };

  lab.user('ana').say('ops', '@botswain help');
  for (let times = 1; times <= 4; times++) await comes(times);

  assert.deepEqual(
    app.heard.map(({ retry_num }) => retry_num),
    [0, 1, 2, 3],
  );
  assert.equal(new Set(app.heard.map(({ body }) => body.event_id)).size, 1);
});

test('offline nobody gets in; afterwards they do', async () => {
  await using lab = await startSlack();
  lab.goOffline();

  await assert.rejects(webClient(lab).auth.test());
  lab.comeBack();
  await using app = await startApp(lab);
  const shown = await lab.user('ana').type('ops', '/vm list');

  assert.equal(shown.ok, true);
  assert.equal(app.heard.length, 1);
});

test('a method may be told to wait for a minute in one channel, and fail in ways of its own', async () => {
  await using lab = await startSlack();
  const web = webClient(lab);
  const post = (channel: string) =>
    web.chat.postMessage({ channel, text: 'x' }).then(
      () => 'ok',
      (error) => error.retryAfter ?? error.data?.error,
    );
  lab.limit('chat.postMessage', 60_000, 'ops');
  lab.faults.push({ on: 'api', method: 'chat.postMessage', mode: 'error', error: 'fatal_error' });

  const before = [await post('C0OPS'), await post('C0RANDOM'), await post('C0RANDOM')];
  lab.pass(60_000);

  assert.deepEqual(before, [60, 'fatal_error', 'ok']);
  assert.equal(await post('C0OPS'), 'ok');
});

test('limits are Slack’s: fifty edits a minute, a message a second in each channel after a burst', async () => {
  let now = 1_700_000_000_000;
  await using lab = await startSlack({ now: () => now });
  const web = webClient(lab);
  const { ts = '' } = await web.chat.postMessage({ channel: 'C0RANDOM', text: 'x' });
  const count = async (call: () => Promise<unknown>) => {
    for (let done = 0; ; done++)
      if (
        await call().then(
          () => false,
          () => true,
        )
      )
        return done;
  };

  const posts = await count(() => web.chat.postMessage({ channel: 'C0OPS', text: 'x' }));
  const edits = await count(() => web.chat.update({ channel: 'C0RANDOM', ts, text: 'y' }));
  now += 2_000;
  const later = await count(() => web.chat.postMessage({ channel: 'C0OPS', text: 'x' }));

  assert.deepEqual([posts, edits, later], [4, 50, 2]);
});

test('over HTTP the same is posted with a signature', async () => {
  const came: { headers: Record<string, unknown>; body: string }[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    came.push({ headers: request.headers, body });
    response.end(JSON.stringify({ text: 'heard' }));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const requestUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/slack/events`;
  await using lab = await startSlack({ requestUrl });

  const shown = await lab.user('ana').type('ops', '/vm list');
  lab.user('ana').say('ops', '@botswain help');
  await lab.until(() => came.some(({ body }) => body.includes('app_mention')));
  server.closeAllConnections();
  server.close();

  const { headers, body } = came[0] ?? { headers: {}, body: '' };
  const at = headers['x-slack-request-timestamp'];
  const signature = createHmac('sha256', lab.app.signingSecret).update(`v0:${at}:${body}`).digest('hex');
  assert.equal(headers['x-slack-signature'], `v0=${signature}`);
  assert.equal(new URLSearchParams(body).get('command'), '/vm');
  assert.equal(shown.ok, true);
});

test('Slack allows ten sockets, and an address opens one of them', async () => {
  await using lab = await startSlack({ mostSockets: 1 });
  const { url = '' } = await webClient(lab, lab.app.appToken).apps.connections.open({});
  await using _one = await startApp(lab);
  const told: { num_connections?: number; reason?: string }[] = [];

  const second = new WebSocket(url);
  second.addEventListener('message', ({ data }) => told.push(JSON.parse(String(data))));
  await once(second, 'close');
  const again = new WebSocket(url);
  await once(again, 'error');

  assert.deepEqual([told[0]?.num_connections, told[1]?.reason], [2, 'too_many_websockets']);
  assert.equal(lab.sockets, 1);
});

test('what comes with the acknowledgement of a press is ignored, and a violation', async () => {
  await using lab = await startSlack();
  await using app = await startApp(lab, ({ ack }) => ack({ text: 'lost' }));
  const go = { type: 'button' as const, action_id: 'go', text: { type: 'plain_text' as const, text: 'Go' } };
  await app.web.chat.postMessage({ channel: 'C0RANDOM', text: 'x', blocks: [{ type: 'actions', elements: [go] }] });
  const [message] = lab.messages('random');
  assert.ok(message);

  await lab.user('ana').press(message, 'Go');

  assert.equal(lab.violations[0]?.where, 'ack of block_actions');
});
