import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machinesOf } from '../setting.ts';
import { handsOn } from './hands.ts';
import { startChat } from './setting.ts';

test('slack: from the home tab a VM is made and stopped, and what was asked of one is rejected there', async () => {
  await using chat = await startChat();
  const { slack, setting } = chat;
  const hands = handsOn('slack', chat);
  const ana = slack.user('ana');
  const home = (who: string, pattern: RegExp) =>
    slack.until(() => [slack.home(who)].find((view) => view && pattern.test(slack.textOf(view))), String(pattern));

  ana.openHome();
  const empty = await home(
    'ana',
    /Waiting for you\nNothing\.\nYour jobs\nNone yet\.\nYour VMs\nNone yet\.\nStart something/,
  );
  await ana.press(empty, 'New VM');
  await hands.send('ana', { Name: 'k8s-dev', Size: 'small' });
  await hands.direct('ana', /k8s-dev is ready/);
  ana.openHome();
  await ana.press(
    await home('ana', /is done · \/vm create k8s-dev small[\s\S]*k8s-dev · VM 5000 on pve1 · running/),
    'Stop',
  );
  await hands.direct('ana', /k8s-dev \(VM 5000\) is stopped/);
  await ana.press(await home('ana', /VM 5000 on pve1 · (running|stopped)/), 'Destroy');
  await hands.direct('ana', /Approve\? destroy k8s-dev/);
  slack.user('ben').openHome();
  await slack.user('ben').press(await home('ben', /ana asks: destroy k8s-dev/i), 'Reject');
  await hands.send('ben', { Why: 'Not today.' });
  await hands.direct('ana', /was rejected[\s\S]*Not today\./);
  await home('ben', /Waiting for you\nNothing\./);

  assert.deepEqual(
    machinesOf(setting.lab).map(({ name, power }) => [name, power]),
    [['k8s-dev', 'stopped']],
  );
  chat.assertLawful();
});

test('discord: /me show has what waits, what is one’s own, and buttons to start something', async () => {
  await using chat = await startChat();
  const { setting } = chat;
  const hands = handsOn('discord', chat);

  await hands.type('ana', '/me show');
  const empty = await hands.aside('ana', /Waiting for you\n.*Nothing\.[\s\S]*Start something/);
  await empty.press('ana', 'New VM');
  await hands.send('ana', { Name: 'k8s-dev', Size: 'small' });
  await hands.card(/k8s-dev is ready/);
  await hands.type('ana', '/me show');
  const own = await hands.aside('ana', /k8s-dev · VM 5000 on pve1 · running/);
  await own.press('ana', 'Stop');
  await hands.card(/k8s-dev \(VM 5000\) is stopped/);

  assert.match(own.text, /is done · \/vm create k8s-dev small/);
  assert.deepEqual(
    machinesOf(setting.lab).map(({ power }) => power),
    ['stopped'],
  );
  chat.assertLawful();
});
