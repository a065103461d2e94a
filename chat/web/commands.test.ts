import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemoteError, UserError } from '#base/errors.ts';
import { messagesOf, says, startConsole } from './test-console.ts';

test('a line that somebody types reaches the bot, and everybody sees who typed it', async () => {
  await using own = await startConsole();
  const [ana, ben] = [await own.visit('ana'), await own.visit('ben')];
  await using ears = await ben.listen();
  const id = crypto.randomUUID();

  const response = await ana.type('/vm list', id);

  assert.equal(response.status, 202);
  assert.deepEqual(own.heard.commands, [
    {
      id,
      place: { platform: 'web', channel: 'ops' },
      by: { account: 'ana', name: 'Ana', groups: ['platform'] },
      text: '/vm list',
    },
  ]);
  const { data } = await ears.until(says('/vm list'));
  assert.deepEqual((data as { by: unknown }).by, { key: 'ana', name: 'Ana' });
});

test('an empty line is answered in words of ours', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');

  const response = await ana.type('   ');

  assert.equal(response.status, 400);
  assert.match(await response.text(), /That request can't be read: text: type a command\./);
});

test('the same line sent twice is taken once', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');
  const id = crypto.randomUUID();

  const statuses = [await ana.type('/vm list', id), await ana.type('/vm list', id)].map(({ status }) => status);

  assert.deepEqual([statuses, own.heard.commands.length], [[202, 202], 1]);
  await using ears = await ana.listen();
  assert.equal(messagesOf(await ears.until(({ event }) => event === 'snapshot')).length, 1);
});

test('a line whose answer is private is seen by its author alone', async () => {
  await using own = await startConsole();
  const [ana, ben] = [await own.visit('ana'), await own.visit('ben')];

  await ana.type('/help', crypto.randomUUID());
  await ana.type('/vm create a', crypto.randomUUID());

  await using ears = await ben.listen();
  const seen = messagesOf(await ears.until(({ event }) => event === 'snapshot'));
  assert.deepEqual(
    seen.map(({ content }) => content.kind === 'typed' && content.text),
    ['/vm create a'],
  );
});

test('an id stands for one line', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');
  const id = crypto.randomUUID();
  await ana.type('/vm list', id);

  const response = await ana.type('/vm destroy k8s-dev', id);

  assert.deepEqual([response.status, own.heard.commands.length], [409, 1]);
});

test('a line that was refused is shown to nobody, says why, and may be sent again under its id', async () => {
  await using own = await startConsole();
  const [ana, ben] = [await own.visit('ana'), await own.visit('ben')];
  const id = crypto.randomUUID();
  own.does.command = async () => {
    throw new UserError('There is no size "huge".', { hint: '/vm create k8s-dev large' });
  };

  const refused = await ana.type('/vm create k8s-dev huge', id);

  assert.equal(refused.status, 422);
  assert.deepEqual(await refused.json(), {
    error: { message: 'There is no size "huge".', hint: '/vm create k8s-dev large', again: false },
  });
  await using ears = await ben.listen();
  assert.deepEqual(messagesOf(await ears.until(({ event }) => event === 'snapshot')), []);
  delete own.does.command;
  assert.equal((await ana.type('/vm create k8s-dev huge', id)).status, 202);
  await ears.until(says('/vm create k8s-dev huge'));
});

test('when another system is away for the moment, the page is told that sending again may help', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');
  own.does.command = async () => {
    throw new RemoteError('Redis', 'It cannot be reached.', { outcome: 'passing' });
  };

  const response = await ana.type('/vm list');

  assert.equal(response.status, 503);
  assert.deepEqual(await response.json(), { error: { message: 'Redis: It cannot be reached.', again: true } });
});

test('a bug is not told to the page', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');
  own.does.command = async () => {
    throw new TypeError('secret of the inside');
  };

  const response = await ana.type('/vm list');

  assert.equal(response.status, 500);
  assert.doesNotMatch(await response.text(), /secret/);
});
