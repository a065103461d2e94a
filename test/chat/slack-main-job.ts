import assert from 'node:assert/strict';
import { machinesOf } from '../setting.ts';
import type { ChatSetting } from './setting.ts';

/** The main job as two people do it on Slack: a slash command, a card, a thread, an approval by the second one. */
export async function playMainJob(chat: ChatSetting): Promise<void> {
  const { slack, setting, onSlack } = chat;
  const [ana, ben] = [slack.user('ana'), slack.user('ben')];

  await ana.type('ops', '/vm create k8s-dev medium');
  const ready = await onSlack(/k8s-dev is ready/);
  assert.match(slack.textOf(ready), /ssh /);
  assert.deepEqual(
    machinesOf(setting.lab).map(({ name }) => name),
    ['k8s-dev'],
  );

  await ana.press(ready, 'Destroy');
  const ask = await onSlack(/Approve\?/);
  await ana.press(ask, 'Approve');
  await slack.until(
    () => slack.ephemerals('ana').some((one) => /somebody else must approve/.test(slack.textOf(one))),
    'the refusal',
  );
  await ben.press(ask, 'Approve');
  await onSlack(/is gone/);
  assert.deepEqual(machinesOf(setting.lab), []);
  chat.assertLawful();
}
