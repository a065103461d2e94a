import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from './app-for-tests.ts';
import { startSlack } from './start.ts';

test('a slash command arrives as Slack sends it, and its private answer is shown', async () => {
  await using lab = await startSlack();
  await using app = await startApp(lab, ({ ack }) => ack({ text: 'Working on it, <@U0ANA>.' }));

  const shown = await lab.user('ana').type('ops', '/vm create “k8s” for @ben & #random');

  const { body } = app.heard[0] ?? {};
  assert.deepEqual(
    [body.command, body.text, body.user_id, body.channel_id, body.channel_name, body.team_id],
    ['/vm', 'create “k8s” for <@U0BEN|ben> &amp; <#C0RANDOM|random>', 'U0ANA', 'C0OPS', 'ops', 'T0LAB'],
  );
  assert.deepEqual([shown.ok, shown.text], [true, 'Working on it, @ana.']);
  assert.deepEqual(lab.ephemerals('ana'), [shown.message]);
  assert.deepEqual(lab.messages('ops'), []);
  assert.deepEqual(lab.violations, []);
});

test('a command that is not acknowledged in time fails before the person', async () => {
  await using lab = await startSlack({ ackMs: 20 });
  await using _app = await startApp(lab, () => undefined);

  const shown = await lab.user('ana').type('ops', '/vm list');

  assert.equal(shown.text, '/vm failed with the error "operation_timeout"');
});

test('a command fails when no app listens', async () => {
  await using lab = await startSlack();

  const shown = await lab.user('ana').type('ops', '/vm list');

  assert.equal(shown.text, '/vm failed with the error "dispatch_failed"');
});

test('with a manifest only its commands are known, and text comes as typed unless it asks otherwise', async () => {
  const manifest = 'features: { slash_commands: [{ command: /vm, description: Machines }] }';
  await using lab = await startSlack({ manifest });
  await using app = await startApp(lab);

  const strange = await lab.user('ana').type('ops', '/node list');
  await lab.user('ana').type('ops', '/vm show @ben');

  assert.match(strange.text, /\/node is not a valid command/);
  assert.deepEqual(
    app.heard.map(({ body }) => body.text),
    ['show @ben'],
  );
});

test('a response_url answers five times within half an hour', async () => {
  await using lab = await startSlack({ responseUrlUses: 2 });
  await using app = await startApp(lab);
  await lab.user('ana').type('ops', '/vm list');
  const answer = (body: object) =>
    fetch(app.heard[0]?.body.response_url, { method: 'POST', body: JSON.stringify(body), headers: json }).then(
      ({ status }) => status,
    );

  const statuses = [
    await answer({ text: 'for you' }),
    await answer({ text: 'for all', response_type: 'in_channel' }),
    await answer({ text: 'once more' }),
  ];

  assert.deepEqual(statuses, [200, 200, 404]);
  assert.deepEqual(lab.ephemerals('ana').map(lab.textOf), ['for you']);
  assert.deepEqual(lab.messages('ops').map(lab.textOf), ['for all']);
});

const json = { 'Content-Type': 'application/json' };
