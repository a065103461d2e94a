import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { test } from 'node:test';
import type { Form } from '#chat/form.ts';
import { messagesOf, startConsole } from './test-console.ts';

const form: Form = {
  token: 'form-token',
  title: '/vm create',
  send: 'Run',
  fields: [{ name: 'name', label: 'Name', about: 'Its host name.', kind: 'text', required: true }],
};

test('a command that needs more is answered with a form, and nobody sees the line', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');
  await using ears = await (await own.visit('ben')).listen();
  own.does.command = async () => form;

  const response = await ana.type('/vm create');

  assert.deepEqual(((await response.json()) as { form: Form }).form, form);
  await own.web.post(
    { platform: 'web', channel: 'ops' },
    { tone: 'info', fallback: 'x', blocks: [] },
    { key: 'k', again: false },
  );
  await ears.until(({ event, data }) => event === 'message' && JSON.stringify(data).includes('fallback'));
});

test('a line that was answered with a form does not stand there when the page is opened anew', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');
  own.does.command = async () => form;

  await ana.type('/vm create');

  await using ears = await ana.listen();
  assert.deepEqual(messagesOf(await ears.until(({ event }) => event === 'snapshot')), []);
});

test('a form that was sent reaches the bot; what is wrong comes back field by field', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');
  const send = (values: object) =>
    ana.post('/api/forms', { id: randomUUID(), channel: 'ops', token: 'form-token', values });
  own.does.submit = async ({ values }) => (values.name === 'k8s_dev' ? { name: 'That is no host name.' } : undefined);

  const wrong = await send({ name: 'k8s_dev' });
  const right = await send({ name: 'k8s-dev', keep: true });

  assert.deepEqual([wrong.status, await wrong.json()], [422, { complaints: { name: 'That is no host name.' } }]);
  assert.equal(right.status, 202);
  assert.deepEqual(own.heard.forms.at(-1)?.values, { name: 'k8s-dev', keep: true });
  assert.equal(own.heard.forms.at(-1)?.by.account, 'ana');
});

test('somebody’s own channel is seen by nobody else', async () => {
  await using own = await startConsole();
  const direct = await own.web.direct('ana');
  const [ana, ben] = [await own.visit('ana'), await own.visit('ben')];

  await own.web.post(
    direct,
    { tone: 'ok', fallback: 'done', blocks: [{ kind: 'text', text: 'for Ana' }] },
    { key: 'd', again: false },
  );
  await using ears = await ana.listen(undefined, '@ana');

  assert.match(JSON.stringify(await ears.until(({ event }) => event === 'snapshot')), /for Ana/);
  assert.equal((await ben.get('/api/events?channel=%40ana')).status, 404);
});

test('the home view is the bot’s answer for the one who looks, and its buttons are pressed without a message', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');

  const { card } = (await (await ana.get('/api/home?channel=ops')).json()) as { card: { fallback: string } };
  const response = await ana.post('/api/presses', { id: randomUUID(), channel: 'ops', token: 'home-token' });

  assert.equal(card.fallback, 'Yours.');
  assert.equal(response.status, 202);
  assert.deepEqual(own.heard.presses.at(-1)?.place, { platform: 'web', channel: 'ops' });
});
