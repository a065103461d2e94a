import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SlackAPIClient } from 'slack-web-api-client';
import { webClient } from './app-for-tests.ts';
import { startSlack } from './start.ts';

const errorOf = (call: Promise<unknown>) =>
  call.then(
    () => 'ok',
    (error: { data?: { error?: string }; error?: string }) => error.data?.error ?? error.error ?? String(error),
  );

test('a message is posted, edited, found by its metadata and deleted', async () => {
  await using lab = await startSlack();
  const web = webClient(lab);
  const metadata = { event_type: 'card', event_payload: { key: 'k1' } };

  const { ts = '' } = await web.chat.postMessage({ channel: 'C0OPS', text: 'one', metadata });
  await web.chat.postMessage({ channel: '#ops', thread_ts: ts, text: 'a reply' });
  await web.chat.update({ channel: 'C0OPS', ts, text: 'two' });
  const history = await web.conversations.history({ channel: 'C0OPS', include_all_metadata: true });
  const replies = await web.conversations.replies({ channel: 'C0OPS', ts });
  await web.chat.delete({ channel: 'C0OPS', ts });

  const [found] = history.messages ?? [];
  assert.deepEqual([found?.text, found?.metadata, found?.reply_count], ['two', metadata, 1]);
  assert.deepEqual(
    replies.messages?.map(({ text }) => text),
    ['two', 'a reply'],
  );
  assert.deepEqual(lab.messages('ops'), []);
  assert.deepEqual(lab.violations, []);
});

test('the same by a client of somebody else', async () => {
  await using lab = await startSlack();
  const web = new SlackAPIClient(lab.app.botToken, { baseUrl: lab.apiUrl });

  const { ts = '' } = await web.chat.postMessage({
    channel: 'C0OPS',
    text: 'one',
    blocks: [{ type: 'section', text: { type: 'mrkdwn', text: 'Hello *<@U0ANA>*' } }],
  });
  await web.chat.update({ channel: 'C0OPS', ts, text: 'two' });
  const { user_id } = await web.auth.test();
  const { members } = await web.users.list();

  assert.equal(user_id, lab.app.userId);
  assert.deepEqual(
    members?.map(({ name }) => name),
    ['ana', 'ben', 'cleo', 'botswain'],
  );
  assert.deepEqual(lab.messages('ops').map(lab.textOf), ['two']);
  assert.deepEqual(lab.violations, []);
});

test('places where the app may not post are told apart', async () => {
  await using lab = await startSlack();
  const web = webClient(lab);
  const post = (channel: string) => errorOf(web.chat.postMessage({ channel, text: 'hello' }));

  const errors = [await post('C0VAULT'), await post('C0ATTIC'), await post('C0RANDOM'), await post('U0ANA')];
  lab.app.scopes.delete('chat:write.public');
  errors.push(await post('C0RANDOM'), await post('C0OPS'));

  assert.deepEqual(errors, ['channel_not_found', 'is_archived', 'ok', 'ok', 'not_in_channel', 'ok']);
  assert.equal(lab.dms('ana').length, 1);
});

test('a scope that is missing is named, with what there is', async () => {
  await using lab = await startSlack({ without: ['chat:write'] });

  const call = webClient(lab).chat.postMessage({ channel: 'C0OPS', text: 'hello' });

  await assert.rejects(call, ({ data }) => data.needed === 'chat:write' && data.provided.includes('commands'));
});

test('tokens are told apart', async () => {
  await using lab = await startSlack();
  const test = (token: string) => errorOf(webClient(lab, token).auth.test());

  const errors = [await test('xoxb-other'), await test(lab.app.appToken)];
  lab.revoke();
  errors.push(await test(lab.app.botToken));
  lab.uninstall();
  errors.push(await test(lab.app.botToken));

  assert.deepEqual(errors, ['invalid_auth', 'not_allowed_token_type', 'token_revoked', 'account_inactive']);
});

test('blocks that Slack would refuse are refused, and kept as violations', async () => {
  await using lab = await startSlack({ rateLimits: Number.POSITIVE_INFINITY });
  const web = webClient(lab);
  const post = (...blocks: object[]) =>
    errorOf(web.chat.postMessage({ channel: 'C0OPS', text: 'x', blocks: blocks as never }));
  const section = (length: number) => ({ type: 'section', text: { type: 'mrkdwn', text: 'x'.repeat(length) } });
  const button = { type: 'button', text: { type: 'plain_text', text: 'Go' }, action_id: 'go' };

  const errors = [
    await post(section(3_000)),
    await post(section(3_001)),
    await post({ type: 'nonsense' }),
    await post({ type: 'actions', elements: [button, button] }),
    await post(...Array.from({ length: 51 }, () => ({ type: 'divider' }))),
    await post(...Array.from({ length: 5 }, () => section(3_000))),
    await post({ type: 'divider', colour: 'red' }),
  ];

  assert.deepEqual(errors, [
    'ok',
    'invalid_blocks',
    'invalid_blocks',
    'invalid_blocks',
    'invalid_blocks',
    'msg_blocks_too_long',
    'invalid_blocks',
  ]);
  assert.equal(lab.violations.length, 6);
  assert.match(String(lab.violations[0]?.problems), /must be less than 3001 characters.*\/blocks\/0\/text\/text/);
});

test('an argument that Slack does not know is a violation', async () => {
  await using lab = await startSlack();

  await webClient(lab).apiCall('chat.postMessage', { channel: 'C0OPS', text: 'x', colour: 'red' });

  assert.deepEqual(lab.violations, [{ kind: 'wrong-argument', where: 'chat.postMessage', problems: ['colour'] }]);
});

test('a file is announced, sent, and shared into a thread', async () => {
  await using lab = await startSlack();
  const web = webClient(lab);
  const { ts = '' } = await web.chat.postMessage({ channel: 'C0OPS', text: 'one' });

  await web.filesUploadV2({ channel_id: 'C0OPS', thread_ts: ts, filename: 'log.txt', content: 'a long log' });

  const [root] = lab.messages('ops');
  const [reply] = root ? lab.thread(root) : [];
  assert.deepEqual(
    lab.files().map(({ name, text }) => [name, text]),
    [['log.txt', 'a long log']],
  );
  assert.deepEqual(reply?.files, [lab.files()[0]?.id]);
  assert.deepEqual(lab.violations, []);
});
