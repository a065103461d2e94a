import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Card } from '#base/card.ts';
import { systemClock } from '#base/clock.ts';
import { RemoteError } from '#base/errors.ts';
import type { Form } from '#chat/form.ts';
import { once } from '#chat/once-for-tests.ts';
import { textOf } from '#lab/discord/people/look.ts';
import { startDiscord } from './test-discord.ts';

const card = (text: string): Card => ({ tone: 'info', fallback: text, blocks: [{ kind: 'text', text }] });

test('a slash command reaches the bot as the line that it stands for, with who typed it where', async () => {
  await using own = await startDiscord();

  const shown = await own.lab.user('ben').type('ops', '/vm create name:k8s-dev size:medium cpus:4 keep:true');

  const [typed] = own.heard.commands;
  assert.equal(typed?.text, '/vm create k8s-dev medium --cpus 4 --keep');
  assert.equal(typed.id, shown.id);
  assert.deepEqual(typed.place, own.place);
  const { account, name, groups } = typed.by;
  assert.deepEqual([account, name], ['discord:900000000000000011', 'Ben']);
  assert.deepEqual(groups.toSorted(), ['discord:ops', 'discord:platform']);
  assert.deepEqual(
    [shown.what, shown.ephemeral, shown.text],
    ['message', false, '-# `/vm create k8s-dev medium --cpus 4 --keep`'],
  );
});

test('a private answer takes the place of "thinking", and comes once', async () => {
  await using own = await startDiscord();
  own.does.command = async () => 'private';

  const shown = await own.lab.user('ana').type('ops', '/vm list');
  for (let i = 0; i < 2; i++)
    await own.discord.whisper(own.place, 'discord:900000000000000010', card('No VMs.'), once(`answer:${shown.id}`));

  assert.equal(shown.what, 'thinking');
  assert.deepEqual(own.lab.ephemerals('ana').map(textOf), ['No VMs\\.'.replace('\\', '')]);
  assert.deepEqual(own.lab.messages('ops'), []);
});

test('when nobody knows whether "thinking" was shown, the answer takes its place all the same', async () => {
  await using own = await startDiscord();
  own.does.command = async () => 'private';
  own.lab.faults.push({ on: 'rest', path: '/callback', mode: 'drop-after' });

  const shown = await own.lab.user('ana').type('ops', '/vm list');
  await own.discord.whisper(own.place, 'discord:900000000000000010', card('No VMs'), once(`answer:${shown.id}`));

  assert.deepEqual(own.lab.ephemerals('ana').map(textOf), ['No VMs']);
  assert.deepEqual(own.lab.dms('ana'), []);
});

test('when nothing was kept, the line is given back', async () => {
  await using own = await startDiscord();
  own.does.command = () =>
    Promise.reject(new RemoteError('Redis', 'It cannot be reached. Nothing was started.', { outcome: 'passing' }));

  const shown = await own.lab.user('ana').type('ops', '/vm create name:k8s-dev');

  assert.deepEqual([shown.what, shown.ephemeral], ['message', true]);
  assert.match(shown.text, /Redis: It cannot be reached.*```\n\/vm create k8s-dev\n```/s);
});

test('a bot that takes its time keeps the interaction, and answers later', async () => {
  await using own = await startDiscord({ patienceMs: 20 });
  own.does.command = async () => {
    await systemClock.sleep(60);
    return 'public';
  };

  const shown = await own.lab.user('ana').type('ops', '/vm create name:k8s-dev');

  assert.equal(shown.what, 'thinking');
  await own.lab.until(() => own.lab.ephemerals('ana').some((one) => /vm create k8s-dev/.test(textOf(one))));
});

const form: Form = {
  token: 'form-token',
  title: '/vm create',
  send: 'Run',
  takesMore: true,
  fields: [
    { name: 'name', label: 'Name', about: 'Its host name.', kind: 'text', required: true },
    { name: 'size', label: 'Size', about: 'How big.', kind: 'word', required: false },
    { name: 'clone', label: 'Clone', about: 'Which.', kind: 'choice', choices: ['linked', 'full'], required: false },
    { name: 'keep', label: 'Keep', about: 'When it fails.', kind: 'flag', required: false },
    { name: 'node', label: 'Node', about: 'Where.', kind: 'word', required: false },
    { name: 'vmid', label: 'Vmid', about: 'Its number.', kind: 'text', required: false },
  ],
};

test('a form has five fields at most: the last takes the rest as typed', async () => {
  await using own = await startDiscord();
  own.does.command = async () => form;
  const ana = own.lab.user('ana');

  const { modal } = await ana.type('ops', '/vm create');
  assert(modal);
  await ana.fill(modal, { Name: 'k8s-dev', Clone: 'linked', Keep: 'yes', More: '--node pve2' });

  assert.deepEqual(
    own.heard.forms.map(({ token, values, place }) => [token, values, place]),
    [['form-token', { name: 'k8s-dev', clone: 'linked', keep: true, more: '--node pve2' }, own.place]],
  );
});

test('a form that is wrong says so, and opens again as it was filled in', async () => {
  await using own = await startDiscord();
  own.does.command = async () => form;
  own.does.submit = async ({ values }) => (values.name === 'k8s_dev' ? { name: 'That is no host name.' } : undefined);
  const ana = own.lab.user('ana');
  const { modal } = await ana.type('ops', '/vm create');
  assert(modal);

  const wrong = await ana.fill(modal, { Name: 'k8s_dev' });
  assert.match(wrong.text, /That is no host name/);
  assert(wrong.message);
  const again = await ana.press(wrong.message, 'Open the form again');
  assert.equal(again.what, 'form');
  assert(again.modal);
  const right = await ana.fill(again.modal, { Name: 'k8s-dev' });

  assert.deepEqual([right.what, right.text], ['updated', '-# Taken.']);
  assert.equal(own.heard.forms.length, 2);
});

test('a form without an answer in time is answered later', async () => {
  await using own = await startDiscord({ patienceMs: 20 });
  own.does.command = async () => form;
  own.does.submit = async () => {
    await systemClock.sleep(60);
    return { name: 'That is no host name.' };
  };
  const ana = own.lab.user('ana');
  const { modal } = await ana.type('ops', '/vm create');
  assert(modal);

  const shown = await ana.fill(modal, { Name: 'k8s_dev' });
  await own.lab.until(() => own.lab.ephemerals('ana').some((one) => /no host name/.test(textOf(one))));

  assert.equal(shown.what, 'thinking');
});

test('options are completed while they are typed', async () => {
  await using own = await startDiscord();
  own.does.words = async () => [
    { word: 'medium', about: 'How big.' },
    { word: 'x'.repeat(101), about: 'too long' },
  ];

  const choices = await own.lab.user('ana').suggest('ops', 'vm create', 'size', 'me', { name: 'k8s-dev' });

  assert.deepEqual(
    choices?.map(({ name, value }) => [name, value]),
    [['medium · How big.', 'medium']],
  );
  const [wanted] = own.heard.wanted;
  assert.deepEqual([wanted?.token, wanted?.field, wanted?.typed], ['vm create', 'size', 'me']);
});

test('what is brought twice keeps its id, and its second answer harms nobody', async () => {
  await using own = await startDiscord();
  own.lab.faults.push({ on: 'gateway', mode: 'twice' });

  const shown = await own.lab.user('ana').type('ops', '/vm list');
  await own.lab.until(() => own.heard.commands.length === 2);

  assert.deepEqual(
    own.heard.commands.map(({ id }) => id),
    [shown.id, shown.id],
  );
});

test('a command typed in a thread says so', async () => {
  await using own = await startDiscord();
  const root = await own.discord.post(own.place, card('a job'), { key: 'root', again: false });
  await own.discord.post({ ...own.place, thread: root.id }, card('its plan'), { key: 'plan', again: false });

  await own.lab.user('ana').type(root.id, '/vm list');

  assert.deepEqual(own.heard.commands[0]?.place, { ...own.place, thread: root.id });
});
