import assert from 'node:assert/strict';
import { test } from 'node:test';
import { machinesOf } from '../setting.ts';
import { handsOn } from './hands.ts';
import { startChat } from './setting.ts';

for (const platform of ['slack', 'discord'] as const) {
  test(`${platform}: with more than eight jobs at once one board shows how far each is; each card has its own end`, async () => {
    await using chat = await startChat();
    const hands = handsOn(platform, chat);
    const { lab } = chat.setting;
    const reason = 'QEMU guest agent is not running';
    lab.faults.push({ path: /agent\/ping$/, status: 500, reason, times: Number.POSITIVE_INFINITY });
    const names = Array.from({ length: 9 }, (_, at) => `web-${at + 1}`);

    for (const name of names) await hands.type('ana', `/vm create ${name} small`);
    await hands.until(() => hands.count(/9 jobs are going on/) === 1, 'the board', 60_000);
    const board = await hands.card(/9 jobs are going on/);
    const shown = board.text;
    lab.faults.length = 0;
    await hands.until(() => hands.count(/web-\d is ready/) === 9, 'nine ends', 60_000);
    await hands.until(() => /The rush is over/.test(board.text), 'the end of the rush', 60_000);

    for (const name of names) assert.match(shown, new RegExp(`create ${name} on pve`));
    assert.equal(machinesOf(lab).length, 9);
    assert.equal(hands.count(/jobs are going on|The rush is over/), 1);
    chat.assertLawful();
  });
}
