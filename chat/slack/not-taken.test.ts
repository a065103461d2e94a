import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Clock, systemClock } from '#base/clock.ts';
import { RemoteError } from '#base/errors.ts';
import type { Form } from '#chat/form.ts';
import type { MenuItem } from '#chat/menu.ts';
import { buttonPress, formSent, mention, type Opened, slackEvent, slashCommand } from './payloads-for-tests.ts';
import { startSlack, type TestSlack } from './test-slack.ts';

const item = (path: string): MenuItem => ({ path, about: 'Something.', example: `/${path}`, risk: 'read', args: {} });
const prefixed = { prefix: 'pve-', menu: ['vm create', 'job list'].map(item) };
const lost = () =>
  Promise.reject(
    new RemoteError('Redis', 'The answer was lost, so this may or may not have been done.', { outcome: 'unknown' }),
  );
const typed = slashCommand('create k8s-dev', { command: '/pve-vm' });
const lookFirst = /may or may not have been done\. Before you do it again, look whether it is there: \/pve-job list/;
/** In a hundredth of the time, nobody waits for long. */
const hasty: Clock = { now: systemClock.now, sleep: (ms, signal) => systemClock.sleep(ms / 100, signal) };
const form: Form = {
  ...{ token: 'f-1', title: '/vm create', send: 'Run' },
  fields: [{ name: 'name', label: 'Name', about: 'Its host name.', kind: 'text', required: true }],
};

/** What was said: not taken, or nothing done, or to try again at once. */
const denial = /not taken|nothing was done|try again/i;

test('a command of which nobody knows whether it was kept is to be looked for first', async () => {
  await using own = await startSlack(prefixed);
  own.does.command = lost;

  const said = JSON.stringify(await own.wire.bring('slash_commands', typed));

  assert.match(said, lookFirst);
  assert.match(said, /"\/pve-vm create k8s-dev"/);
  assert.doesNotMatch(said, denial);
});

test('a late command of which nobody knows whether it was kept is to be looked for first', async () => {
  await using own = await startSlack({ ...prefixed, clock: hasty });
  own.does.command = () => later(lost);

  await own.wire.bring('slash_commands', typed);
  const said = await aside(own);

  assert.match(said, lookFirst);
  assert.doesNotMatch(said, denial);
});

test('a press of which nobody knows whether it was kept is to be looked for first', async () => {
  await using own = await startSlack(prefixed);
  own.does.press = lost;

  await own.wire.bring('interactive', buttonPress('t-1'));
  const said = await aside(own);

  assert.match(said, lookFirst);
  assert.doesNotMatch(said, denial);
});

test('a message of which nobody knows whether it was kept is to be looked for first, when Slack brings it no more', async () => {
  await using own = await startSlack(prefixed);
  own.does.command = lost;

  await own.wire.bring('events_api', slackEvent('Ev1', mention('<@U0BOT> vm create k8s-dev')), { retries: 3 });
  const said = await aside(own);

  assert.match(said, lookFirst);
  assert.match(said, /"\/pve-vm create k8s-dev"/);
  assert.doesNotMatch(said, denial);
});

test('a form of which nobody knows whether it was kept stays open, and is to be looked for first', async () => {
  await using own = await startSlack(prefixed);
  own.does.submit = lost;

  const { errors } = await sendForm(own);

  assert.match(JSON.stringify(errors), lookFirst);
  assert.doesNotMatch(JSON.stringify(errors), denial);
});

test('a form that takes long names the command as it is typed here', async () => {
  await using own = await startSlack({ ...prefixed, clock: hasty });
  own.does.submit = () => later(async () => undefined);

  const { errors } = await sendForm(own);

  assert.match(JSON.stringify(errors), /look whether it is there: \/pve-job list/);
});

test('a form that was not kept says so', async () => {
  await using own = await startSlack(prefixed);
  own.does.submit = () => Promise.reject(new RemoteError('Redis', 'It is away.', { outcome: 'passing' }));

  const { errors } = await sendForm(own);

  assert.deepEqual(errors, {
    'field.name': 'This was not taken, and nothing was done: Redis: It is away. Send it again in a moment.',
  });
});

/** Opens the form, and sends it filled in. */
async function sendForm({ wire, does }: TestSlack): Promise<Record<string, unknown>> {
  does.command = async () => form;
  await wire.bring('slash_commands', typed);
  await wire.until(() => wire.called('views.open').length > 0);
  const view = JSON.parse(wire.called('views.open')[0]?.view ?? '{}') as Opened;
  return wire.bring('interactive', formSent(view, { 'field.name': { value: 'k8s-dev' } }));
}

/** What somebody alone was told. */
async function aside({ wire }: TestSlack): Promise<string> {
  await wire.until(() => wire.called('chat.postEphemeral').length > 0);
  return JSON.stringify(wire.called('chat.postEphemeral').map(({ blocks = '[]' }) => JSON.parse(blocks) as unknown));
}

/** Longer than anybody's patience here. */
async function later<T>(come: () => Promise<T>): Promise<T> {
  await systemClock.sleep(80);
  return come();
}
