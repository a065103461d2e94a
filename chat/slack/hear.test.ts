import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RemoteError } from '#base/errors.ts';
import type { Form } from '#chat/form.ts';
import {
  buttonPress,
  formSent,
  mention,
  type Opened,
  optionsWanted,
  slackEvent,
  slashCommand,
} from './payloads-for-tests.ts';
import { place, startSlack, type TestSlack } from './test-slack.ts';

const form: Form = {
  token: 'f-1',
  title: '/vm create',
  send: 'Run',
  fields: [{ name: 'node', label: 'Node', about: 'Where it runs.', kind: 'word', required: true }],
};
const ana = { account: 'slack:T0LAB:U0ANA', name: 'Ana', groups: ['slack:ops'] };

const openedView = ({ wire }: TestSlack) => JSON.parse(wire.called('views.open')[0]?.view ?? '{}') as Opened;

test('a command is heard in plain words and acknowledged without a call to Slack', async () => {
  await using setting = await startSlack();
  const before = setting.wire.calls.length;

  const ack = await setting.wire.bring('slash_commands', slashCommand('show <http://web.example|web.example> &lt;x'));

  assert.deepEqual(ack, {});
  const [typed] = setting.heard.commands;
  assert.deepEqual(typed?.place, place);
  assert.deepEqual(typed?.by, ana);
  assert.equal(typed?.text, '/vm show web.example <x');
  assert.equal(setting.wire.calls.length, before);
});

test('what comes twice has the same id', async () => {
  await using setting = await startSlack();

  await setting.wire.bring('slash_commands', slashCommand('list'), { id: 'twice' });
  await setting.wire.bring('slash_commands', slashCommand('list'), { id: 'twice', socket: 1 });

  const [first, second] = setting.heard.commands;
  assert.ok(first?.id);
  assert.equal(first.id, second?.id);
});

test('a command that was not kept is given back to copy', async () => {
  await using setting = await startSlack();
  setting.does.command = () => Promise.reject(new RemoteError('Redis', 'is away.', { outcome: 'passing' }));

  const ack = await setting.wire.bring('slash_commands', slashCommand('create k8s-dev'));

  assert.equal(ack.response_type, 'ephemeral');
  assert.match(JSON.stringify(ack), /nothing was done: Redis: is away\..*\/vm create k8s-dev/);
});

test('a form is shown as a modal, whose field searches, takes other words, and says what is wrong', async () => {
  await using setting = await startSlack();
  const { wire, does, heard } = setting;
  does.command = async () => form;
  does.words = async () => [{ word: 'pve2', about: 'a node' }];
  does.submit = async ({ values }) => (values.node === 'pve9' ? { node: 'There is no pve9.' } : undefined);

  await wire.bring('slash_commands', slashCommand('create'));
  await wire.until(() => wire.called('views.open').length > 0);
  const view = openedView(setting);
  const offered = await wire.bring('interactive', optionsWanted(view, 'field.node', 'pve9'));
  const wrong = await wire.bring(
    'interactive',
    formSent(view, { 'field.node': { selected_option: { value: 'pve9' } } }),
  );
  const right = await wire.bring(
    'interactive',
    formSent(view, { 'field.node': { selected_option: { value: 'pve2' } } }),
  );

  assert.equal(wire.called('views.open')[0]?.trigger_id, 'trigger-create');
  assert.match(JSON.stringify(offered.options), /"value":"pve9","text":.*use “pve9”.*"value":"pve2"/);
  assert.deepEqual(wrong, { response_action: 'errors', errors: { 'field.node': 'There is no pve9.' } });
  assert.deepEqual(right, {});
  assert.deepEqual(heard.forms.at(-1), { id: 'V0FORM:hash-1', place, by: ana, token: 'f-1', values: { node: 'pve2' } });
});

test('a mention in a thread is heard there, and marked as heard', async () => {
  await using setting = await startSlack();
  const event = mention('hey <@U0BOT> cancel', { thread_ts: '1700000000.000100' });

  await setting.wire.bring('events_api', slackEvent('Ev1', event));
  await setting.wire.until(() => setting.wire.called('reactions.add').length > 0);

  const [typed] = setting.heard.commands;
  assert.equal(typed?.id, 'Ev1');
  assert.equal(typed?.text, '/cancel');
  assert.deepEqual(typed?.place, { ...place, thread: '1700000000.000100' });
});

test('a mention that wants a form gets a button, since only a press may open one', async () => {
  await using setting = await startSlack();
  const { wire, does } = setting;
  does.command = async () => form;

  await wire.bring('events_api', slackEvent('Ev1', mention('<@U0BOT> vm create')));
  await wire.until(() => wire.called('chat.postEphemeral').length > 0);
  const offer = { action_id: 'type.0', block_id: 'b', type: 'button', value: '/vm create' };
  await wire.bring('interactive', buttonPress('/vm create', { actions: [offer] }));
  await wire.until(() => wire.called('views.open').length > 0);

  assert.match(wire.called('chat.postEphemeral')[0]?.blocks ?? '', /Open the form/);
  assert.equal(setting.heard.commands.at(-1)?.text, '/vm create');
});

test('direct messages are heard with or without a slash; the bot’s own and edited ones are not', async () => {
  await using setting = await startSlack();
  const direct = (text: string, more: object = {}) => ({
    ...mention(text, { type: 'message', channel: 'D0ANA', channel_type: 'im', ...more }),
  });

  for (const [at, event] of [
    direct('vm list'),
    direct('/vm list'),
    direct('noise', { bot_id: 'B0BOT', user: 'U0BOT' }),
    direct('noise', { subtype: 'message_changed' }),
  ].entries()) {
    await setting.wire.bring('events_api', slackEvent(`Ev${at}`, event));
  }

  assert.deepEqual(
    setting.heard.commands.map(({ text }) => text),
    ['/vm list', '/vm list'],
  );
});

test('a mention that was not kept is not acknowledged, so that Slack brings it again', async () => {
  await using setting = await startSlack();
  const { wire, does, heard } = setting;
  does.command = () => Promise.reject(new RemoteError('Redis', 'is away.', { outcome: 'passing' }));
  const brought = wire.bring('events_api', slackEvent('Ev1', mention('<@U0BOT> vm list')), { id: 'again' });
  await wire.bring('slash_commands', slashCommand('list'));
  assert.equal(heard.commands.length, 2);

  delete does.command;
  const again = await wire.bring('events_api', slackEvent('Ev1', mention('<@U0BOT> vm list')), { id: 'again' });

  assert.deepEqual(again, {});
  assert.equal(heard.commands.at(-1)?.id, 'Ev1');
  await brought;
});

test('a press gives its token, its message’s thread and who pressed', async () => {
  await using setting = await startSlack();
  const message = { ts: '1700000000.000200', thread_ts: '1700000000.000100' };

  const ack = await setting.wire.bring('interactive', buttonPress('t-1', { message }));

  assert.deepEqual(ack, {});
  const thread = { ...place, thread: '1700000000.000100' };
  assert.deepEqual(setting.heard.presses, [{ id: 'trigger-t-1', place: thread, by: ana, token: 't-1' }]);
});

test('the home tab is shown when it is opened, and drawn anew after a press on it', async () => {
  await using setting = await startSlack();
  const { wire, does } = setting;
  let jobs = 0;
  does.home = async () => ({ tone: 'info', fallback: '', blocks: [{ kind: 'text', text: `${jobs} jobs` }] });

  await wire.bring(
    'events_api',
    slackEvent('Ev1', { type: 'app_home_opened', user: 'U0ANA', channel: 'D0ANA', tab: 'home' }),
  );
  await wire.until(() => wire.called('views.publish').length === 1);
  jobs = 1;
  const { channel: _, message: __, ...press } = buttonPress('t-1', { view: { type: 'home' } });
  await wire.bring('interactive', press);
  await wire.until(() => wire.called('views.publish').length === 2);

  const [first, second] = wire.called('views.publish');
  assert.match(first?.view ?? '', /0 jobs/);
  assert.match(second?.view ?? '', /1 jobs/);
  assert.match(second?.hash ?? '', /^hash-/);
  assert.deepEqual(setting.heard.presses[0]?.place, { platform: 'slack', channel: 'U0ANA' });
});

test('groups are known at the start and follow what Slack says of them', async () => {
  await using setting = await startSlack();
  const { wire, slack } = setting;
  const before = await slack.groupsOf('slack:T0LAB:U0BEN');
  wire.answers.set('usergroups.list', () => ({ usergroups: [{ id: 'S0OPS', handle: 'ops', users: ['U0BEN'] }] }));

  await wire.bring('events_api', slackEvent('Ev1', { type: 'subteam_members_changed', subteam_id: 'S0OPS' }));
  await wire.until(() => wire.called('usergroups.list').length === 2);
  await slack.stop();

  assert.deepEqual(before, []);
});

test('a mention by an app or a workflow is handed over as what it is, and answered once in its thread', async () => {
  await using setting = await startSlack();
  const { wire, heard, slack } = setting;
  const event = mention('<@U0BOT> vm create k8s-dev', { bot_id: 'B0CI', username: 'ci', user: undefined });

  await wire.bring('events_api', slackEvent('Ev1', event));
  const [typed] = heard.commands;
  const by = 'slack:T0LAB:B0CI';
  const where = { ...place, thread: '1700000000.000500' };
  for (const key of ['answer:1', 'answer:2']) {
    await slack.whisper(
      where,
      by,
      { tone: 'error', fallback: 'no', blocks: [{ kind: 'text', text: 'no' }] },
      { key, again: false },
    );
  }

  assert.deepEqual(typed?.by, { account: by, name: 'ci', groups: [], outside: 'you are a bot or a workflow' });
  assert.deepEqual(typed?.place, where);
  const posted = wire.called('chat.postMessage');
  assert.equal(posted.length, 1);
  assert.equal(posted[0]?.thread_ts, '1700000000.000500');
  assert.equal(wire.called('chat.postEphemeral').length, 0);
});
