import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leftOf, machinesOf, nothing } from '../setting.ts';
import { handsOn } from './hands.ts';
import { startChat } from './setting.ts';

for (const platform of ['slack', 'discord'] as const) {
  test(`${platform}: what was left is taken away by Roll back, and tried anew by Try again`, async () => {
    await using chat = await startChat();
    const { lab } = chat.setting;
    const hands = handsOn(platform, chat);
    lab.faults.push({ method: 'POST', path: /status\/start$/, status: 500 });
    await hands.type('ana', '/vm create k8s-dev small --keep');
    const card = await hands.card(/create k8s-dev on pve1 stopped half-way/);

    await card.press('ana', 'Roll back');
    await hands.until(() => /create k8s-dev on pve1 failed/.test(card.text), 'the end');
    const rolledBack = card.text;
    const left = await leftOf(chat.setting);
    await card.press('ana', 'Try again');
    await hands.card(/k8s-dev is ready/);

    assert.match(rolledBack, /Taken back: removed k8s-dev and its disks/);
    assert.deepEqual(left, nothing);
    chat.assertLawful();
  });

  test(`${platform}: who wants to be told gets a direct message at the end; a job is cancelled by a button`, async () => {
    await using chat = await startChat();
    const hands = handsOn(platform, chat);
    chat.setting.lab.faults.push({ path: /agent\/ping$/, mode: 'hold', times: 99 });
    await hands.type('ana', '/vm create k8s-dev small');
    const card = await hands.card(/Wait for the guest agent/);

    await card.press('ben', 'Tell me when done');
    await hands.aside('ben', /You get a message when it is over/);
    await card.press('cleo', 'Cancel');
    const told = await hands.direct('ben', /create k8s-dev on pve1 was cancelled/);
    await hands.until(() => /was cancelled/.test(card.text), 'the end on the card');

    assert.match(told.text, /cleo cancelled it/i);
    assert.deepEqual(await leftOf(chat.setting), nothing);
    chat.assertLawful();
  });

  test(`${platform}: a job is cancelled in its thread; the thread's last line says how it ended`, async () => {
    await using chat = await startChat();
    const hands = handsOn(platform, chat);
    chat.setting.lab.faults.push({ path: /agent\/ping$/, mode: 'hold', times: 99 });
    await hands.type('ana', '/vm create k8s-dev small');
    const card = await hands.card(/Wait for the guest agent/);

    await chat.setting.ben.type('/vm create other small');
    await card.say('ana', 'cancel');
    await hands.until(() => /was cancelled/.test(card.thread().at(-1) ?? ''), 'the last line');

    assert.match(card.thread().at(-1) ?? '', /@ana.*: create k8s-dev on pve1 was cancelled: ana.* cancelled it/i);
    chat.assertLawful();
  });

  test(`${platform}: a new size is undone by a button`, async () => {
    await using chat = await startChat();
    const hands = handsOn(platform, chat);
    await chat.setting.ana.type('/vm create k8s-dev small');
    await chat.setting.ana.until(/k8s-dev is ready/);
    await hands.type('ana', '/vm resize k8s-dev large --restart');
    const bigger = await hands.card(/k8s-dev has 4 CPUs, 8 GiB/);

    await bigger.press('ana', 'Undo');
    await hands.card(/k8s-dev has 1 CPU, 2 GiB/);

    assert.equal(machinesOf(chat.setting.lab)[0]?.config.memory, '2048');
    chat.assertLawful();
  });

  test(`${platform}: a log that is too long for a message comes as a file, in the thread and on the button`, async () => {
    await using chat = await startChat({ templates: [] });
    const hands = handsOn(platform, chat);
    chat.setting.lab.faults.push({ method: 'POST', path: /template$/, status: 500, times: 9 });
    await hands.type('ana', '/template build lab-debian');
    const card = await hands.card(/build template lab-debian on pve1 failed/);
    const before = hands.files().length;

    await card.press('ana', 'Try again');
    await hands.until(() => hands.files().length === 1, 'the log in the thread');
    await card.press('ben', 'Show log');
    await hands.until(() => hands.files().length === 2, 'the log for Ben');

    assert.equal(before, 0);
    for (const { name, text } of hands.files()) {
      assert.match(name, /^r-\w+(-\w+)?\.log$/);
      assert.equal(text.match(/calculating checksum/g)?.length, 4);
    }
    chat.assertLawful();
  });
}
