import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Card } from '#base/card.ts';
import { writeMarker } from '#proxmox/marker.ts';
import { textOf } from '../console.ts';
import { handsOn } from './hands.ts';
import { type ChatSetting, startChat } from './setting.ts';

const nameOf = (at: number) =>
  `${at % 2 === 0 ? 'web' : 'db'}-of-a-customer-with-a-long-name-${String(at).padStart(4, '0')}`;
const longest = 8_000;

/** VMs beside the template: every second one a web server, every hundredth Ana's, in a pool, and tagged. */
function fill({ setting }: ChatSetting, many: number): void {
  setting.lab.state.pools.push({ poolid: 'shop', comment: '' });
  for (let at = 0; at < many; at++) {
    const vmid = 10_000 + at;
    const special = at % 100 === 0;
    const owner = special ? 'ana' : 'ben';
    const description = writeMarker('A VM.', { run: `r-${at}`, owner, vmid });
    const config = {
      name: nameOf(at),
      description,
      cores: '2',
      memory: '2048',
      ...(special ? { tags: 'gold;x' } : {}),
    };
    const pool = special ? 'shop' : undefined;
    const node = at % 3 === 0 ? 'pve2' : 'pve1';
    setting.lab.state.guests.push({ vmid, node, config, pending: {}, pool, ha: false, snapshots: [] });
  }
}

for (const platform of ['slack', 'discord'] as const) {
  test(`a list of many VMs comes in whole pages on ${platform}, and its buttons turn them`, async () => {
    await using chat = await startChat();
    fill(chat, 300);
    const hands = handsOn(platform, chat);

    if (platform === 'slack') await hands.type('ana', '/vm list --name web --page 2');
    else await chat.discord.user('ana').type('ops', '/vm list name:web page:2');
    const second = await hands.aside('ana', /page 2 of 8/);
    const shown = second.text;
    await second.press('ana', 'Next page');
    const third = await hands.aside('ana', /page 3 of 8/);
    await third.press('ana', 'Previous page');

    assert.match(shown, /150 of 300 VMs, page 2 of 8/);
    // By number: Discord cuts names to the width of a telephone.
    const unseen = Array.from({ length: 20 }, (_, at) => `${10_040 + 2 * at}`).filter((vmid) => !shown.includes(vmid));
    assert.deepEqual(unseen, [], shown);
    assert.doesNotMatch(shown, /and \d+ more/);
    assert.ok(['10080', '10118'].every((vmid) => third.text.includes(vmid)));
    chat.assertLawful();
  });
}

test('a list of 3,000 VMs is a small card, with a total', async () => {
  await using chat = await startChat();
  fill(chat, 3000);

  const card = await cardOf(chat, '/vm list', /3000 VMs, page 1 of 150\./);

  assert.ok(JSON.stringify(card).length < longest, `${JSON.stringify(card).length} letters`);
});

test('VMs are listed by name, node, pool, tag, owner and state, and a page that is not there is said', async () => {
  await using chat = await startChat();
  fill(chat, 300);

  await cardOf(chat, '/vm list --tag GOLD', /3 of 300 VMs\./);
  await cardOf(chat, '/vm list --pool shop --node pve2', /1 of 300 VMs\./);
  await cardOf(chat, '/vm list --state running', /No VM fits these filters/);
  await cardOf(chat, '/vm list --name db*0001', /1 of 300 VMs\./);
  await cardOf(chat, '/vm list --tag gold --owner me', /3 of 300 VMs\.$/m);
  await cardOf(chat, '/vm list --tag gold --owner ben', /0 of 300 VMs\./);
  await cardOf(chat, '/vm list --owner ben', /whose \d+ of them are is not known yet/);
  await cardOf(chat, '/vm list --page 16', /There is no page 16: there are 15/);
});

async function cardOf({ setting: { ana } }: ChatSetting, line: string, pattern: RegExp): Promise<Card> {
  await ana.type(line);
  await ana.until(pattern);
  const cards = [...ana.messages.values()].flatMap(({ content }) => (content.kind === 'card' ? [content.card] : []));
  const card = cards.findLast((one) => pattern.test(textOf(one)));
  assert.ok(card);
  return card;
}

test('jobs come in pages too, by who asked and by state, and each is seen once', async () => {
  await using chat = await startChat();
  const { ana, ben } = chat.setting;
  const refused = Array.from({ length: 45 }, (_, at) => `nothing-${at}`);
  for (const name of refused) await ana.type(`/vm start ${name}`);
  await ben.type('/vm start nothing');
  const ended = async () => (await chat.setting.ana.transcript().match(/There is no VM/g)?.length) === refused.length;
  await untilTrue(ended);
  const pages = () =>
    [...ana.messages.values()].flatMap(({ content }) =>
      content.kind === 'card' && /45 jobs in all/.test(textOf(content.card)) ? [textOf(content.card)] : [],
    );

  await ana.type('/job list --mine --state refused');
  await untilTrue(() => pages().length === 1);
  await ana.press('Next page');
  await untilTrue(() => pages().length === 2);
  await ana.press('Next page');
  await untilTrue(() => pages().length === 3);
  await ana.type('/job list --owner ben');
  await ana.until(/1 job in all/);
  await ana.type('/job list');
  await ana.until(/46 jobs in all/);

  const listed = pages().flatMap((text) => text.match(/nothing-\d+/g) ?? []);
  assert.deepEqual(listed.toSorted(), refused.toSorted());
});

async function untilTrue(look: () => boolean | Promise<boolean>): Promise<void> {
  const since = performance.now();
  while (!(await look())) {
    if (performance.now() - since > 20_000) throw new Error(`waited in vain for ${look}`);
    await sleep(20);
  }
}
