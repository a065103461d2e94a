import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startApp } from './app-for-tests.ts';
import { startSlack } from './start.ts';

const text = (words: string) => ({ type: 'plain_text' as const, text: words });
const button = {
  type: 'actions' as const,
  elements: [
    {
      type: 'button' as const,
      action_id: 'go',
      value: 'token-1',
      text: text('Approve'),
      confirm: { title: text('Sure?'), text: text('It starts at once.'), confirm: text('Yes'), deny: text('No') },
    },
  ],
};
const form = {
  type: 'modal' as const,
  callback_id: 'form',
  title: text('Create'),
  submit: text('Go'),
  blocks: [
    {
      type: 'input' as const,
      block_id: 'name',
      label: text('Name'),
      element: { type: 'plain_text_input' as const, action_id: 'value' },
    },
    {
      type: 'input' as const,
      block_id: 'template',
      label: text('Template'),
      element: { type: 'external_select' as const, action_id: 'value', min_query_length: 0 },
    },
  ],
};

test('a button is pressed after its dialog, and the message changes', async () => {
  await using lab = await startSlack();
  await using app = await startApp(lab, async ({ body, ack }, web) => {
    await ack();
    if (body.type !== 'block_actions') return;
    await web.chat.update({
      channel: body.channel.id,
      ts: body.message.ts,
      text: `by ${body.user.id}: ${body.actions[0].value}`,
    });
  });
  await app.web.chat.postMessage({ channel: 'C0OPS', text: 'Approve?', blocks: [button] });
  const [message] = lab.messages('ops');
  assert.ok(message);

  const no = await lab.user('ben').press(message, 'Approve', { sure: false });
  const yes = await lab.user('ben').press(message, 'Approve');
  await lab.until(() => message.edits > 0);

  assert.equal(no.dialog?.text, 'It starts at once.');
  assert.equal(yes.ok, true);
  assert.equal(lab.textOf(message), 'by U0BEN: token-1');
  assert.equal(app.heard.filter(({ body }) => body.type === 'block_actions').length, 1);
});

test('a form opens by a trigger once and in time, is completed, refused and taken', async () => {
  await using lab = await startSlack();
  const opened: string[] = [];
  await using _app = await startApp(lab, async ({ body, ack, type }, web) => {
    if (type === 'slash_commands') {
      for (let time = 0; time < 2; time++) {
        const open = web.views.open({ trigger_id: body.trigger_id, view: form });
        opened.push(
          await open.then(
            () => 'ok',
            (error) => error.data.error,
          ),
        );
      }
      return ack();
    }
    if (body.type === 'block_suggestion') {
      return ack({ options: [{ text: text(`debian-12 (${body.value})`), value: 'debian-12' }] });
    }
    const { name } = body.view.state.values;
    return ack(name.value.value === 'bad' ? { response_action: 'errors', errors: { name: 'It is taken.' } } : {});
  });
  const ana = lab.user('ana');
  await ana.type('ops', '/vm create');
  const view = await lab.until(() => lab.views('ana')[0]);

  const offers = await ana.suggest(view, 'Template', 'deb');
  const refused = await ana.submit(view, { Name: 'bad', Template: 'debian-12' });
  const taken = await ana.submit(view, { Name: 'good' });

  assert.deepEqual(opened, ['ok', 'exchanged_trigger_id']);
  assert.equal(offers[0]?.text.text, 'debian-12 (deb)');
  assert.deepEqual([refused.ok, refused.text], [false, 'Name: It is taken.']);
  assert.equal(taken.ok, true);
  assert.deepEqual(lab.views('ana'), []);
  assert.deepEqual(lab.violations, []);
});

test('a trigger is too old after three seconds', async () => {
  await using lab = await startSlack();
  await using app = await startApp(lab);
  await lab.user('ana').type('ops', '/vm create');

  lab.pass(3_001);
  const open = app.web.views.open({ trigger_id: app.heard[0]?.body.trigger_id, view: form });

  await assert.rejects(open, /expired_trigger_id/);
});

test('what Slack’s own client refuses never reaches the app', async () => {
  await using lab = await startSlack();
  await using app = await startApp(lab, async ({ body, ack, type }, web) => {
    await ack();
    if (type === 'slash_commands') await web.views.open({ trigger_id: body.trigger_id, view: form });
  });
  const ana = lab.user('ana');
  await ana.type('ops', '/vm create');
  const view = await lab.until(() => lab.views('ana')[0]);

  await assert.rejects(ana.submit(view), /"Name": Please complete this required field/);
  await assert.rejects(ana.type('attic', '/vm list'), /archived/);
  assert.throws(() => ana.say('ops', '/vm list', { thread: '1.0' }), /no slash commands in threads/);
  assert.equal(app.heard.length, 1);
});

test('the home tab is published, with a hash that tells two publishers apart', async () => {
  await using lab = await startSlack();
  await using app = await startApp(lab, async ({ body, ack }, web) => {
    await ack();
    if (body.event?.type !== 'app_home_opened') return;
    await web.views.publish({
      user_id: body.event.user,
      view: { type: 'home', blocks: [{ type: 'header', text: text('Yours') }] },
    });
  });

  lab.user('ana').openHome();
  const home = await lab.until(() => lab.home('ana'));
  const again = app.web.views.publish({ user_id: 'U0ANA', hash: 'another', view: { type: 'home', blocks: [] } });

  await assert.rejects(again, /hash_conflict/);
  assert.equal(lab.textOf(home), 'Yours');
});

test('mentions and direct messages arrive as events; user groups too', async () => {
  await using lab = await startSlack();
  await using app = await startApp(lab);
  const of = (type: string) => app.heard.flatMap(({ body }) => (body.event?.type === type ? [body.event] : []));

  lab.user('ana').say('ops', '@botswain vm list for @ben');
  lab.user('ana').say('dm', 'help');
  lab.setGroup('ops', ['ana', 'ben']);
  await lab.until(() => of('subteam_members_changed'));

  assert.deepEqual(
    of('app_mention').map(({ text, channel }) => [text, channel]),
    [['<@U0BOT> vm list for <@U0BEN>', 'C0OPS']],
  );
  assert.deepEqual(
    of('message')
      .filter(({ channel_type }) => channel_type === 'im')
      .map(({ text, user }) => [text, user]),
    [['help', 'U0ANA']],
  );
  assert.deepEqual(of('subteam_members_changed')[0]?.added_users, ['U0ANA']);
});
