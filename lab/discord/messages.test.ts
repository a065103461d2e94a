import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fixedIds } from './first-world.ts';
import { textOf } from './people/look.ts';
import { ask, codeOf } from './rest-for-tests.ts';
import { startDiscord } from './start.ts';

const { ops, random, noBots, oldThread, ana } = fixedIds;
const start = () => startDiscord({ rateLimits: false });
const messagesOf = (channel: string) => `/channels/${channel}/messages`;

test('the same nonce posts once for some minutes, and is gone with its message', async () => {
  await using lab = await start();
  const body = { content: 'once', nonce: 'card-1', enforce_nonce: true };

  const first = await ask(lab, 'POST', messagesOf(ops), body);
  const second = await ask(lab, 'POST', messagesOf(ops), body);
  lab.pass(4 * 60_000);
  const later = await ask(lab, 'POST', messagesOf(ops), body);
  lab.deleteMessage(String(later.body.id));
  const afterwards = await ask(lab, 'POST', messagesOf(ops), body);

  assert.equal(first.body.id, second.body.id);
  assert.notEqual(later.body.id, first.body.id);
  assert.equal(codeOf(afterwards), '404 10008');
  assert.deepEqual(lab.violations, []);
});

test('messages older than an hour take few edits', async () => {
  await using lab = await start();
  const { body } = await ask(lab, 'POST', messagesOf(ops), { content: '0' });
  const edit = (content: string) => ask(lab, 'PATCH', `${messagesOf(ops)}/${body.id}`, { content });

  for (let n = 0; n < 9; n += 1) assert.equal((await edit(`${n}`)).status, 200);
  lab.pass(60 * 60_000);
  const answers = [await edit('a'), await edit('b'), await edit('c'), await edit('d')];

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 429],
  );
  assert.equal(answers[3]?.body.code, 30046);
  assert.equal(answers[3]?.headers.get('retry-after'), '20');
});

test('a message has one thread, which sleeps when nobody writes and wakes when somebody does', async () => {
  await using lab = await start();
  const { body } = await ask(lab, 'POST', messagesOf(ops), { content: 'job' });
  const threads = `${messagesOf(ops)}/${body.id}/threads`;

  const first = await ask(lab, 'POST', threads, { name: 'vm create', auto_archive_duration: 60 });
  const second = await ask(lab, 'POST', threads, { name: 'again' });
  const step = await ask(lab, 'POST', messagesOf(String(body.id)), { content: 'step 1' });
  const editStep = () => ask(lab, 'PATCH', `${messagesOf(String(body.id))}/${step.body.id}`, { content: 'step 2' });
  lab.pass(61 * 60_000);
  const asleep = await editStep();
  await ask(lab, 'POST', messagesOf(String(body.id)), { content: 'more' });
  const awake = await editStep();

  assert.equal(first.body.id, body.id);
  assert.deepEqual([codeOf(second), codeOf(asleep), awake.status], ['400 160004', '400 50083', 200]);
  assert.deepEqual(lab.thread(String(body.id))?.messages.map(textOf), ['step 2', 'more']);
  assert.deepEqual(lab.violations, []);
});

test('an archived thread can be written in unless it is locked', async () => {
  await using lab = await start();

  const open = await ask(lab, 'POST', messagesOf(oldThread), { content: 'hello' });
  lab.archive(oldThread, true);
  const locked = await ask(lab, 'POST', messagesOf(oldThread), { content: 'hello' });

  assert.deepEqual([open.status, codeOf(locked)], [200, '400 50083']);
});

test('the bot sees and does only what its permissions allow', async () => {
  await using lab = await start();
  const { body } = await ask(lab, 'POST', messagesOf(ops), { content: 'mine' });
  const theirs = lab.user('ana').say('ops', 'hers');

  const hidden = await ask(lab, 'POST', messagesOf(noBots), { content: 'x' });
  lab.forbid('ops', 'sendMessages', 'createPublicThreads');
  const silent = await ask(lab, 'POST', messagesOf(ops), { content: 'x' });
  const noThread = await ask(lab, 'POST', `${messagesOf(ops)}/${body.id}/threads`, { name: 'x' });
  const foreign = await ask(lab, 'PATCH', `${messagesOf(ops)}/${theirs.id}`, { content: 'x' });
  lab.permit('ops', 'sendMessages');
  const again = await ask(lab, 'POST', messagesOf(ops), { content: 'x' });

  const codes = [hidden, silent, noThread, foreign].map(codeOf);
  assert.deepEqual([...codes, again.status], ['403 50001', '403 50013', '403 50013', '403 50005', 200]);
});

test('unknown things are named', async () => {
  await using lab = await start();
  lab.refuseDirect('cleo');
  const direct = await ask(lab, 'POST', '/users/@me/channels', { recipient_id: fixedIds.cleo });

  const answers = [
    await ask(lab, 'GET', '/channels/1'),
    await ask(lab, 'GET', `${messagesOf(ops)}/1`),
    await ask(lab, 'GET', '/guilds/1'),
    await ask(lab, 'GET', `/guilds/${lab.guildId}/members/1`),
    await ask(lab, 'POST', messagesOf(String(direct.body.id)), { content: 'x' }),
    await ask(lab, 'POST', messagesOf(ops), {}),
    await ask(lab, 'GET', '/nonsense'),
  ];

  const wanted = ['404 10003', '404 10008', '404 10004', '404 10013', '403 50007', '400 50006', '404 0'];
  assert.deepEqual(answers.map(codeOf), wanted);
});

test('only those are told whom the message may tell', async () => {
  await using lab = await start();
  const content = `<@${ana}> <@&${fixedIds.opsRole}> @everyone`;

  await ask(lab, 'POST', messagesOf(ops), { content });
  await ask(lab, 'POST', messagesOf(ops), { content, allowed_mentions: { parse: [] } });
  await ask(lab, 'POST', messagesOf(ops), { content, allowed_mentions: { parse: [], users: [ana] } });

  const told = lab.messages('ops').map(({ mentions, mentionsEveryone }) => [mentions, mentionsEveryone]);
  assert.deepEqual(told, [
    [[ana, fixedIds.opsRole], false],
    [[], false],
    [[ana], false],
  ]);
});

test('a file is kept, shown by its component and handed out again', async () => {
  await using lab = await start();
  const form = new FormData();
  const components = [
    { type: 10, content: 'the log' },
    { type: 13, file: { url: 'attachment://log.txt' } },
  ];
  form.set(
    'payload_json',
    JSON.stringify({ flags: 1 << 15, components, attachments: [{ id: 0, filename: 'log.txt' }] }),
  );
  form.set('files[0]', new File(['all went well'], 'log.txt', { type: 'text/plain' }));

  const { body } = await ask(lab, 'POST', messagesOf(ops), form);
  const [attachment] = body.attachments as { url: string; size: number }[];
  const bytes = await fetch(attachment?.url ?? '').then((response) => response.text());

  assert.deepEqual([attachment?.size, bytes], [13, 'all went well']);
  assert.deepEqual(lab.violations, []);
});

test('a file over the limit is refused', async () => {
  await using lab = await startDiscord({ mostFileBytes: 10 });
  const form = new FormData();
  form.set('files[0]', new File(['eleven bytes'], 'log.txt'));

  const answer = await ask(lab, 'POST', messagesOf(ops), form);

  assert.equal(codeOf(answer), '413 40005');
});

test('a list of messages begins with the newest', async () => {
  await using lab = await start();
  for (const content of ['1', '2', '3']) await ask(lab, 'POST', messagesOf(random), { content });

  const { body } = await ask(lab, 'GET', `${messagesOf(random)}?limit=2`);

  assert.deepEqual(
    (body as unknown as { content: string }[]).map(({ content }) => content),
    ['3', '2'],
  );
});
