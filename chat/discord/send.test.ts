import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import type { Card } from '#base/card.ts';
import { RemoteError } from '#base/errors.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import { once } from '#chat/once-for-tests.ts';
import { textOf } from '#lab/discord/people/look.ts';
import { startDiscord } from './test-discord.ts';

const card = (text: string): Card => ({ tone: 'info', fallback: text, blocks: [{ kind: 'text', text }] });
const ana = 'discord:900000000000000010';
const why = (expected: DeliveryError['why'], said: RegExp) => (error: unknown) =>
  error instanceof DeliveryError && error.why === expected && said.test(error.message);

test('a card is posted, edited, and posted once under its key', async () => {
  await using own = await startDiscord();

  const first = await own.discord.post(own.place, card('one'), once('card:r-1'));
  const second = await own.discord.post(own.place, card('one'), once('card:r-1'));
  await own.discord.edit(first, card('one, changed'));

  assert.deepEqual(second, first);
  assert.deepEqual(own.lab.messages('ops').map(textOf), ['one, changed']);
});

test('what was posted before is found again when Discord has forgotten its nonce', async () => {
  await using own = await startDiscord();
  const first = await own.discord.post(own.place, card('one'), once('card:r-1'));
  own.lab.pass(10 * 60_000);

  const again = await own.discord.post(own.place, card('one'), { key: 'card:r-1', again: true });

  assert.deepEqual(again, first);
  assert.equal(own.lab.messages('ops').length, 1);
});

test('the first message of a thread begins it, called like the card, and an archived one is woken', async () => {
  await using own = await startDiscord();
  const root = await own.discord.post(
    own.place,
    { ...card('x'), tone: 'running', blocks: [{ kind: 'title', text: ['create ', { b: 'k8s_dev' }] }] },
    once('root'),
  );
  const thread = { ...own.place, thread: root.id };

  await own.discord.post(thread, card('plan'), once('plan'));
  own.lab.archive(root.id);
  const note = await own.discord.post(thread, card('note'), once('note'));
  await own.discord.edit(note, card('note, changed'));

  const made = own.lab.thread(root.id);
  assert.deepEqual([made?.thread.name, made?.messages.map(textOf)], ['create k8s_dev', ['plan', 'note, changed']]);
});

test('files come with the message', async () => {
  await using own = await startDiscord();

  await own.discord.post(
    own.place,
    { ...card('its log'), blocks: [{ kind: 'file', name: 'r-1.log', text: 'line\n' }] },
    once('log'),
  );

  assert.deepEqual(
    own.lab.messages('ops')[0]?.attachments.map(({ filename }) => filename),
    ['r-1.log'],
  );
});

test('nobody is told with a sound but those whom the card says', async () => {
  await using own = await startDiscord();

  await own.discord.post(
    own.place,
    { ...card('@everyone <@900000000000000012>'), ping: ['discord:900000000000000010', 'discord:ops'] },
    once('p'),
  );

  const [message] = own.lab.messages('ops');
  assert.deepEqual(
    [message?.mentions.toSorted(), message?.mentionsEveryone],
    [['900000000000000010', own.lab.role('ops')], false],
  );
});

test('a message that is gone, or a channel that can’t be seen, is told apart', async () => {
  await using own = await startDiscord();
  const ref = await own.discord.post(own.place, card('one'), once('k'));
  own.lab.deleteMessage(ref.id);
  const hidden = { platform: 'discord', channel: own.lab.channel('no-bots') };

  await assert.rejects(own.discord.edit(ref, card('two')), why('gone', /not there any more/));
  await assert.rejects(own.discord.post(hidden, card('one'), once('h')), why('closed', /View Channel/));
});

test('too much at once is said with when to come again, and holds up nothing else', async () => {
  await using own = await startDiscord();
  own.lab.faults.push({ on: 'rest', method: 'POST', path: '/messages', mode: 'rate-limit', retryAfterMs: 30_000 });

  await assert.rejects(
    own.discord.post(own.place, card('one'), once('k')),
    (error) => error instanceof DeliveryError && error.why === 'busy' && (error.retryAfterMs ?? 0) >= 29_000,
  );
  const elsewhere = { platform: 'discord', channel: own.lab.channel('random') };
  await own.discord.post(elsewhere, card('two'), once('k2'));
});

test('a message that is too old for another edit is sealed, not busy', async () => {
  await using own = await startDiscord({ lab: { oldEdits: 1 } });
  const ref = await own.discord.post(own.place, card('one'), once('k'));
  own.lab.pass(61 * 60_000);

  await own.discord.edit(ref, card('two'));

  await assert.rejects(own.discord.edit(ref, card('three')), why('sealed', /too old/));
});

test('a message in an archived thread is sealed, and a locked thread closed', async () => {
  await using own = await startDiscord();
  const root = await own.discord.post(own.place, card('a job'), once('root'));
  const thread = { ...own.place, thread: root.id };
  const note = await own.discord.post(thread, card('plan'), once('plan'));

  own.lab.archive(root.id, true);

  await assert.rejects(own.discord.edit(note, card('two')), why('sealed', /archived/));
  await assert.rejects(own.discord.post(thread, card('note'), once('note')), DeliveryError);
});

test('a permission that is missing is named', async () => {
  await using own = await startDiscord();
  const root = await own.discord.post(own.place, card('a job'), once('root'));

  own.lab.forbid('ops', 'createPublicThreads');
  const thread = { ...own.place, thread: root.id };
  await assert.rejects(own.discord.post(thread, card('plan'), once('plan')), why('closed', /Create Public Threads/));
  own.lab.forbid('ops', 'sendMessages');
  await assert.rejects(own.discord.post(own.place, card('two'), once('two')), why('closed', /Send Messages/));
});

test('two gateways that begin a thread at once begin one', async () => {
  await using own = await startDiscord();
  const root = await own.discord.post(own.place, card('a job'), once('root'));
  const thread = { ...own.place, thread: root.id };

  await Promise.all(['plan', 'note'].map((key) => own.discord.post(thread, card(key), once(key))));

  assert.deepEqual(own.lab.thread(root.id)?.messages.map(textOf).toSorted(), ['note', 'plan']);
});

test('direct messages have no threads: there a note answers the card', async () => {
  await using own = await startDiscord();
  const place = await own.discord.direct(ana);
  const root = await own.discord.post(place, card('a job'), once('root'));

  const thread = { ...place, thread: root.id };
  const plan = await own.discord.post(thread, card('plan'), once('plan'));
  await own.discord.post(thread, card('note'), once('note'));
  await own.discord.edit(plan, card('plan, changed'));

  assert.deepEqual(
    own.lab.dms('ana').map((one) => [textOf(one), one.replyTo]),
    [
      ['a job', undefined],
      ['plan, changed', root.id],
      ['note', root.id],
    ],
  );
});

test('an error holds neither addresses, in which secrets stand, nor what was sent', async () => {
  await using own = await startDiscord();
  const hidden = { platform: 'discord', channel: own.lab.channel('no-bots') };

  const error = await own.discord.post(hidden, card('quite private'), once('h')).catch((one: unknown) => one);

  assert.doesNotMatch(inspect(error, { depth: 9 }), /http:|quite private/);
});

test('whom nothing can be whispered gets a direct message', async () => {
  await using own = await startDiscord();

  await own.discord.whisper(own.place, ana, card('for Ana'), once('answer:nobody knows'));

  assert.deepEqual(own.lab.dms('ana').map(textOf), ['for Ana']);
});

test('what may have been whispered elsewhere before says so', async () => {
  await using own = await startDiscord();

  await own.discord.whisper(own.place, ana, card('for Ana'), { key: 'answer:nobody knows', again: true });

  assert.match(own.lab.dms('ana').map(textOf).join(), /^for Ana\n.*seen this already/);
});

test('a whisper after a quarter of an hour comes as a direct message', async () => {
  await using own = await startDiscord();
  own.does.command = async () => 'private';
  const { id } = await own.lab.user('ana').type('ops', '/vm list');
  own.lab.pass(16 * 60_000);

  await own.discord.whisper(own.place, ana, card('late'), once(`answer:${id}`));

  assert.deepEqual(own.lab.dms('ana').map(textOf), ['late']);
});

test('a whisper waits for a short limit, and brings files', async () => {
  await using own = await startDiscord({ haste: 50 });
  own.does.command = async () => 'private';
  const { id } = await own.lab.user('ana').type('ops', '/job show job:r-1');
  own.lab.faults.push({ on: 'rest', method: 'PATCH', path: '/webhooks', mode: 'rate-limit', retryAfterMs: 50 });
  const log: Card = { ...card('its log'), blocks: [{ kind: 'file', name: 'r-1.log', text: 'line' }] };

  await own.discord.whisper(own.place, ana, log, once(`answer:${id}`));

  assert.deepEqual(
    own.lab.ephemerals('ana').map(({ attachments }) => attachments.map(({ filename }) => filename)),
    [['r-1.log']],
  );
});

test('who takes no direct messages is said to', async () => {
  await using own = await startDiscord();
  own.lab.refuseDirect('ana');

  await assert.rejects(
    own.discord.whisper(own.place, ana, card('x'), once('answer:1')),
    why('closed', /no direct messages/),
  );
});

test('an answer that was lost is an unknown one, and a refused connection a passing one', async () => {
  await using own = await startDiscord();
  own.lab.faults.push({ on: 'rest', method: 'POST', path: '/messages', mode: 'drop-after' });

  await assert.rejects(own.discord.post(own.place, card('one'), once('k')), { outcome: 'unknown' });
  const found = await own.discord.post(own.place, card('one'), { key: 'k', again: true });
  assert.deepEqual(
    own.lab.messages('ops').map(({ id }) => id),
    [found.id],
  );

  await own.lab.goOffline();
  // The first one may still find the old connection, of which nobody knows how far it got.
  await assert.rejects(own.discord.post(own.place, card('two'), once('k2')), RemoteError);
  await assert.rejects(own.discord.post(own.place, card('two'), once('k2')), { outcome: 'passing' });
  await own.lab.goOnline();
});
