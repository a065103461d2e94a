import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Block, Card } from '#base/card.ts';
import { RemoteError } from '#base/errors.ts';
import { DeliveryError, type Why } from '#chat/delivery-error.ts';
import { once } from '#chat/once-for-tests.ts';
import { place, startSlack } from './test-slack.ts';

const card = (...blocks: Block[]): Card => ({
  tone: 'ok',
  fallback: 'Done.',
  blocks: [{ kind: 'text', text: 'Done.' }, ...blocks],
});
const log: Block = { kind: 'file', name: 'r-42.log', text: 'a long log' };
const no = (error: string) => () => ({ ok: false, error });
const refused = (why: Why) => (error: unknown) => error instanceof DeliveryError && error.why === why;

test('a card is posted with its key, and an edit replaces it', async () => {
  await using setting = await startSlack();
  const { slack, wire } = setting;

  const ref = await slack.post({ ...place, thread: '1.5' }, card(), { key: 'run:r-42', again: false });
  await slack.edit(ref, card({ kind: 'text', text: { who: 'slack:T0LAB:U0ANA', name: 'Ana' } }));

  const [posted] = wire.called('chat.postMessage');
  assert.equal(posted?.thread_ts, '1.5');
  assert.deepEqual(JSON.parse(posted?.metadata ?? ''), {
    event_type: 'botswain_card',
    event_payload: { key: 'run:r-42' },
  });
  const [edited] = wire.called('chat.update');
  assert.deepEqual([edited?.channel, edited?.ts], ['C0OPS', ref.id]);
  assert.match(edited?.blocks ?? '', /"user_id":"U0ANA"/);
});

test('what an earlier try posted is found and not posted again', async () => {
  await using setting = await startSlack();
  const { slack, wire } = setting;
  const metadata = { event_type: 'botswain_card', event_payload: { key: 'run:r-42' } };
  wire.answers.set('conversations.history', ({ cursor }) =>
    cursor === 'next'
      ? { messages: [{ ts: '1.7', metadata }] }
      : { messages: [{ ts: '1.8' }], response_metadata: { next_cursor: 'next' } },
  );

  const ref = await slack.post(place, card(), { key: 'run:r-42', again: true });

  assert.deepEqual(ref, { place, id: '1.7' });
  assert.equal(wire.called('conversations.history')[0]?.include_all_metadata, 'true');
  assert.deepEqual(wire.called('chat.postMessage'), []);
});

test('where the bot may not look, it posts again', async () => {
  await using setting = await startSlack();
  setting.wire.answers.set('conversations.history', no('not_in_channel'));

  const ref = await setting.slack.post(place, card(), { key: 'run:r-42', again: true });

  assert.ok(ref.id);
});

test('a file goes into the message’s thread, once', async () => {
  await using setting = await startSlack();
  const { slack, wire } = setting;
  const first = await slack.post(place, card(log), { key: 'log', again: false });
  const posted = { ts: first.id, metadata: { event_type: 'botswain_card', event_payload: { key: 'log' } } };
  wire.answers.set('conversations.history', () => ({ messages: [posted] }));
  wire.answers.set('conversations.replies', () => ({ messages: [{ user: 'U0BOT', files: [{ name: 'r-42.log' }] }] }));

  await slack.post(place, card(log), { key: 'log', again: true });

  const done = wire.called('files.completeUploadExternal');
  assert.deepEqual(
    done.map(({ channel_id, thread_ts }) => [channel_id, thread_ts]),
    [['C0OPS', first.id]],
  );
});

test('a whisper is seen by one person only, in the thread where they typed, and once', async () => {
  await using setting = await startSlack();
  const { slack, wire } = setting;

  await slack.whisper({ ...place, thread: '1.5' }, 'slack:T0LAB:U0ANA', card(), once('answer'));
  await slack.whisper({ ...place, thread: '1.5' }, 'slack:T0LAB:U0ANA', card(), once('answer'));

  const told = wire.called('chat.postEphemeral').map(({ channel, user, thread_ts }) => [channel, user, thread_ts]);
  assert.deepEqual(told, [['C0OPS', 'U0ANA', '1.5']]);
});

test('who cannot be told in the channel is told in a direct message; files go there always', async () => {
  await using setting = await startSlack();
  const { slack, wire } = setting;

  await slack.whisper(place, 'slack:T0LAB:U0ANA', card(log), once('with a file'));
  wire.answers.set('chat.postEphemeral', no('not_in_channel'));
  await slack.whisper(place, 'slack:T0LAB:U0ANA', card(), once('not in channel'));
  await slack.whisper({ platform: 'slack', channel: 'D0OTHERS' }, 'slack:T0LAB:U0ANA', card(), once('of two others'));

  assert.equal(wire.called('files.completeUploadExternal')[0]?.channel_id, 'D0ANA');
  assert.deepEqual(
    wire.called('chat.postMessage').map(({ channel }) => channel),
    ['D0ANA', 'D0ANA'],
  );
  assert.equal(wire.called('conversations.open').length, 1);
});

test('all of an answer that is too long comes as a file in a direct message', async () => {
  await using setting = await startSlack();
  const rows = Array.from({ length: 400 }, (_, at) => [`vm-${at}`, 'running on a node with a long name']);

  await setting.slack.whisper(
    place,
    'slack:T0LAB:U0ANA',
    card({ kind: 'table', columns: ['VM', 'State'], rows }),
    once('list'),
  );

  assert.match(setting.wire.called('chat.postEphemeral')[0]?.blocks ?? '', /…and \d+ more/);
  assert.match(setting.wire.called('files.getUploadURLExternal')[0]?.filename ?? '', /^answer-[0-9a-f]{6}\.txt$/);
});

test('what may have been whispered before says so; what stands in the direct messages does not come again', async () => {
  await using one = await startSlack();
  await one.slack.whisper(place, 'slack:T0LAB:U0ANA', card(log), once('answer'));
  const name = one.wire.called('files.getUploadURLExternal')[0]?.filename;

  await using other = await startSlack();
  const { slack, wire } = other;
  const metadata = { event_type: 'botswain_card', event_payload: { key: 'in private' } };
  wire.answers.set('conversations.history', () => ({
    messages: [
      { ts: '1.7', user: 'U0BOT', files: [{ name }] },
      { ts: '1.8', metadata },
    ],
  }));
  const again = (key: string) => ({ key, again: true });
  await slack.whisper(place, 'slack:T0LAB:U0ANA', card(log), again('answer'));
  await slack.whisper(place, 'slack:T0LAB:U0ANA', card(log), again('another answer'));
  await slack.whisper({ ...place, channel: 'D0ANA' }, 'slack:T0LAB:U0ANA', card(), again('in private'));

  const [before] = one.wire.called('chat.postEphemeral');
  const [after] = wire.called('chat.postEphemeral');
  assert.doesNotMatch(before?.blocks ?? '', /seen this already/);
  assert.match(after?.blocks ?? '', /seen this already/);
  assert.equal(wire.called('files.completeUploadExternal').length, 1);
  assert.deepEqual(wire.called('chat.postMessage'), []);
});

test('what is posted to a person comes to their direct messages', async () => {
  await using setting = await startSlack();

  const ref = await setting.slack.post({ platform: 'slack', channel: 'U0ANA' }, card(), { key: 'k', again: true });

  assert.deepEqual(ref.place, await setting.slack.direct('slack:T0LAB:U0ANA'));
});

test('an archived channel and one without the bot are closed, with a sentence', async () => {
  await using setting = await startSlack();
  const { slack, wire } = setting;
  const posted = () => slack.post(place, card(), { key: 'k', again: false });

  wire.answers.set('chat.postMessage', no('is_archived'));
  await assert.rejects(posted(), refused('closed'));

  wire.answers.set('chat.postMessage', no('not_in_channel'));
  await assert.rejects(posted(), /invite me with \/invite @botswain/);
});

test('a 429 in one channel holds back neither another channel nor a form', async () => {
  await using setting = await startSlack();
  const { slack, wire } = setting;
  wire.answers.set('chat.postMessage', ({ channel }) =>
    channel === 'C0OPS' ? { status: 429, retryAfter: 30 } : { channel, ts: '1.9' },
  );

  const held = slack.post(place, card(), { key: 'k', again: false });
  const other = slack.post({ ...place, channel: 'C0DEV' }, card(), { key: 'k', again: false });

  await assert.rejects(held, (error) => refused('busy')(error) && (error as DeliveryError).retryAfterMs === 30_000);
  assert.equal((await other).id, '1.9');
});

test('a message that is gone, sealed or too large is told apart', async () => {
  await using setting = await startSlack();
  const { slack, wire } = setting;
  const ref = { place, id: '1.5' };

  for (const [code, why] of [
    ['message_not_found', 'gone'],
    ['edit_window_closed', 'sealed'],
    ['msg_blocks_too_long', 'refused'],
  ] as const) {
    wire.answers.set('chat.update', no(code));
    await assert.rejects(slack.edit(ref, card()), refused(why));
  }
});

test('what fails on the way may have been done', async () => {
  await using setting = await startSlack();
  setting.wire.answers.set('chat.update', () => ({ status: 503 }));

  await assert.rejects(
    setting.slack.edit({ place, id: '1.5' }, card()),
    (error) => error instanceof RemoteError && error.outcome === 'unknown',
  );
});

test('a file that can’t be sent is said to be missing, and the answer does not come again', async () => {
  await using setting = await startSlack();
  const { slack, wire } = setting;
  wire.answers.set('files.getUploadURLExternal', no('file_uploads_disabled'));

  await slack.whisper(place, 'slack:T0LAB:U0ANA', card(log), once('answer'));
  await slack.whisper({ ...place, channel: 'D0ANA' }, 'slack:T0LAB:U0ANA', card(log), once('in private'));

  const missing = /The file r-42\.log could not be sent: .*file_uploads_disabled/;
  const aside = wire.called('chat.postEphemeral').map(({ blocks = '' }) => missing.test(blocks));
  const direct = wire.called('chat.postMessage').map(({ blocks = '' }) => missing.test(blocks));
  assert.deepEqual(
    [aside, direct],
    [
      [false, true],
      [false, true],
    ],
  );
});

test('lines to type are shown with the prefix of this workspace', async () => {
  const menu = [{ path: 'vm list', about: 'All VMs.', example: '/vm list', risk: 'read' as const, args: {} }];
  await using setting = await startSlack({ prefix: 'pve-', menu });

  await setting.slack.post(place, card({ kind: 'code', text: '/vm list' }), once('hint'));
  await setting.slack.post(place, card({ kind: 'small', text: ['or ', { code: '/me show' }] }), once('hint 2'));

  const [first, second] = setting.wire.called('chat.postMessage');
  assert.match(first?.blocks ?? '', /"\/pve-vm list"/);
  assert.match(second?.blocks ?? '', /`\/me show`/);
});
