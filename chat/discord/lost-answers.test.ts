import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Card } from '#base/card.ts';
import { systemClock } from '#base/clock.ts';
import { RemoteError } from '#base/errors.ts';
import { type Log, makeLog } from '#base/log.ts';
import type { Form } from '#chat/form.ts';
import { once } from '#chat/once-for-tests.ts';
import { textOf } from '#lab/discord/people/look.ts';
import { startDiscord, type TestDiscord } from './test-discord.ts';

const cutAnswer = { on: 'rest', path: '/callback', mode: 'drop-after' } as const;
const lost = () =>
  Promise.reject(
    new RemoteError('Redis', 'The answer was lost, so this may or may not have been done.', { outcome: 'unknown' }),
  );
const keep: Card = {
  ...{ tone: 'running', fallback: 'It runs.' },
  blocks: [{ kind: 'actions', actions: [{ label: 'Keep', token: 'keep-token' }] }],
};
const form: Form = {
  ...{ token: 'form-token', title: '/vm create', send: 'Run' },
  fields: [{ name: 'name', label: 'Name', about: 'Its host name.', kind: 'text', required: true }],
};

test('a command that was kept is never offered again, when only the answer to Discord was lost', async () => {
  const { log, warnings } = noting();
  await using own = await startDiscord({ log });
  own.lab.faults.push(cutAnswer);

  await own.lab.user('ana').type('ops', '/vm create name:k8s-dev');
  await untilTrue(() => warnings.length > 0 || privately(own).length > 0);

  assert.deepEqual(privately(own), []);
  assert.deepEqual(warnings, ['Discord did not take an answer']);
});

test('a press that was kept is never asked for again, when only the answer to Discord was lost', async () => {
  const { log, warnings } = noting();
  await using own = await startDiscord({ log });
  const { id } = await own.discord.post(own.place, keep, once('k'));
  own.lab.faults.push(cutAnswer);

  await own.lab.user('ana').press(id, 'Keep');
  await untilTrue(() => warnings.length > 0 || privately(own).length > 0);

  assert.deepEqual(privately(own), []);
  assert.deepEqual(warnings, ['Discord did not take an answer']);
});

test('a command whose "thinking" may have been lost is answered in its place all the same', async () => {
  await using own = await startDiscord({ patienceMs: 20 });
  own.does.command = () => later('public');
  own.lab.faults.push(cutAnswer);

  await own.lab.user('ana').type('ops', '/vm create name:k8s-dev');
  await own.lab.until(() => privately(own).some((text) => !text.includes('thinking')));

  assert.deepEqual(privately(own), ['-# `/vm create k8s-dev`']);
});

test('a press whose first answer may have been lost still hears that it was not kept', async () => {
  await using own = await startDiscord({ patienceMs: 20 });
  own.does.press = () => later(() => Promise.reject(new RemoteError('Redis', 'is away.', { outcome: 'passing' })));
  const { id } = await own.discord.post(own.place, keep, once('k'));
  own.lab.faults.push(cutAnswer);

  await own.lab.user('ana').press(id, 'Keep');
  await own.lab.until(() => privately(own).length > 0);

  assert.deepEqual(privately(own), ['❌ Redis: is away. Press it again in a moment.']);
});

test('a form that was not shown says how to ask for it again: nothing was kept', async () => {
  await using own = await startDiscord();
  own.does.command = async () => form;
  own.lab.faults.push({ on: 'rest', path: '/callback', mode: 'status', status: 400, code: 50035 });

  const shown = await own.lab.user('ana').type('ops', '/vm create');

  assert.equal(shown.ephemeral, true);
  assert.match(shown.text, /If no form came, type it again:\n```\n\/vm create\n```/);
});

test('a command of which nobody knows whether it was kept is to be looked for first', async () => {
  await using own = await startDiscord();
  own.does.command = lost;

  const shown = await own.lab.user('ana').type('ops', '/vm create name:k8s-dev');

  assert.match(shown.text, /may or may not.* look whether it is there: \/job list\n```\n\/vm create k8s-dev\n```/);
  assert.doesNotMatch(shown.text, /try again/i);
});

test('a late command of which nobody knows whether it was kept is to be looked for first', async () => {
  await using own = await startDiscord({ patienceMs: 20 });
  own.does.command = () => later(lost);

  await own.lab.user('ana').type('ops', '/vm create name:k8s-dev');
  await own.lab.until(() => privately(own).some((text) => /look whether it is there: \/job list/.test(text)));

  assert.doesNotMatch(privately(own).join(), /try again/i);
});

test('a press of which nobody knows whether it was kept is to be looked for first', async () => {
  await using own = await startDiscord();
  own.does.press = lost;
  const { id } = await own.discord.post(own.place, keep, once('k'));

  const shown = await own.lab.user('ana').press(id, 'Keep');

  assert.match(shown.text, /Before you do it again, look whether it is there: \/job list$/);
});

test('a form of which nobody knows whether it was kept is to be looked for first, and can be opened again as it was', async () => {
  await using own = await startDiscord();
  own.does.command = async () => form;
  own.does.submit = lost;
  const ana = own.lab.user('ana');
  const { modal } = await ana.type('ops', '/vm create');
  assert(modal);

  const shown = await ana.fill(modal, { Name: 'k8s-dev' });
  assert(shown.message);
  const again = await ana.press(shown.message, 'Open the form again');

  assert.match(shown.text, /Before you do it again, look whether it is there: \/job list$/);
  assert.equal(again.what, 'form');
});

/** What Ana alone was told. */
const privately = ({ lab }: TestDiscord) => [...lab.ephemerals('ana'), ...lab.dms('ana')].map(textOf);

/** Longer than the patience of these tests. */
async function later<T>(come: T | (() => Promise<T>)): Promise<T> {
  await systemClock.sleep(60);
  return come instanceof Function ? come() : come;
}

/** A log of which the warnings are kept. */
function noting(): { log: Log; warnings: string[] } {
  const warnings: string[] = [];
  const warn = (_: unknown, said?: string) => void warnings.push(String(said));
  return { log: Object.assign(makeLog('discord', 'silent'), { warn }), warnings };
}

/** Looks every few milliseconds, for what the lab is not told. */
async function untilTrue(look: () => boolean): Promise<void> {
  while (!look()) await systemClock.sleep(5);
}
