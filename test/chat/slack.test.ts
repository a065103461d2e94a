import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slackManifest } from '#bot/manifest.ts';
import { type SlackOptions, startSlack } from '#lab/slack/start.ts';
import { machinesOf, startSetting } from '../setting.ts';

async function start(options: SlackOptions = {}) {
  await using made = new AsyncDisposableStack();
  const slack = made.use(await startSlack({ manifest: slackManifest(undefined), ...options }));
  const { botToken, appToken } = slack.app;
  const section = {
    mode: 'socket' as const,
    host: '127.0.0.1',
    port: 0,
    prefix: '',
    botToken,
    appToken,
    apiUrl: slack.apiUrl,
  };
  const setting = made.use(await startSetting({ change: (written) => ({ ...written, slack: section }) }));
  await slack.until(() => slack.sockets > 0, 'the bot');
  const running = made.move();
  return { slack, setting, [Symbol.asyncDispose]: () => running.disposeAsync() };
}

test('the main job on Slack: a slash command, a card, a thread, an approval by a second person', async () => {
  await using story = await start();
  const { slack, setting } = story;
  const [ana, ben] = [slack.user('ana'), slack.user('ben')];
  const says = (pattern: RegExp) =>
    slack.until(() => slack.messages('ops').find((one) => pattern.test(slack.textOf(one))), String(pattern));

  const typed = await ana.type('ops', '/vm create k8s-dev medium');
  const ready = await says(/k8s-dev is ready/);
  assert.match(slack.textOf(ready), /ssh /);
  assert.deepEqual(
    machinesOf(setting.lab).map(({ name }) => name),
    ['k8s-dev'],
  );

  await ana.press(ready, 'Destroy');
  const ask = await says(/Approve\?/);
  await ana.press(ask, 'Approve');
  await slack.until(
    () => slack.ephemerals('ana').some((one) => /somebody else must approve/.test(slack.textOf(one))),
    'the refusal',
  );
  await ben.press(ask, 'Approve');
  await says(/is gone/);
  assert.deepEqual(machinesOf(setting.lab), []);
  assert.deepEqual(slack.violations, []);
  void typed;
});
