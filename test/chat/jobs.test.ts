import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leftOf, machinesOf, nothing } from '../setting.ts';
import { handsOn } from './hands.ts';
import { startChat } from './setting.ts';

for (const platform of ['slack', 'discord'] as const) {
  test(`${platform}: a failure says what failed; its log is shown on a button; Keep for a look, then Retry from here finishes it`, async () => {
    await using chat = await startChat();
    const { lab } = chat.setting;
    const hands = handsOn(platform, chat);
    lab.faults.push({ method: 'POST', path: /status\/start$/, status: 500 });

    await hands.type('ana', '/vm create k8s-dev small --keep');
    const card = await hands.card(/create k8s-dev on pve1 stopped half-way/);
    const failed = card.text;
    await card.press('ben', 'Show log');
    const log = await hands.aside('ben', /Log of r-/);
    await card.press('ana', 'Keep for a look');
    const kept = machinesOf(lab).map(({ name, power }) => [name, power]);
    await card.press('ana', 'Retry from here');
    await hands.card(/k8s-dev is ready/);

    assert.match(failed, /Start k8s-dev: .*Proxmox lab said: .*fault injected/);
    assert.match(log.text, /fault injected|clone/);
    assert.deepEqual(kept, [['k8s-dev', 'stopped']]);
    assert.equal(machinesOf(lab)[0]?.power, 'running');
    chat.assertLawful();
  });

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
}
