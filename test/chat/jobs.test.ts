import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machinesOf } from '../setting.ts';
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
}
