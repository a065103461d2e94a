import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Block } from '#base/card.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import { once } from '#chat/once-for-tests.ts';
import { anyCard } from '../any-card.ts';
import { button, card, count, type On, settled } from './cards.ts';

export function showing(on: On): void {
  on('a card is posted, edited, and has a thread', async (stage) => {
    const { messages, platform, place, thread } = stage;
    const ref = await platform.post(place, card('one'), once('card:r-1'));
    await platform.post({ ...ref.place, thread: ref.id }, card('its plan'), once('plan:r-1'));
    await platform.edit(ref, card('one changed'));

    await settled(stage);
    assert.deepEqual([count(messages(), /one/), count(messages(), /one changed/)], [1, 1]);
    assert.equal(count(messages(), /its plan/), 0);
    assert.match(thread(ref).join('\n'), /its plan/);
  });

  on('a direct message reaches one person', async (stage) => {
    const { ana, ben, messages, platform, until } = stage;
    const place = await platform.direct(ana.account);
    const ref = await platform.post(place, card('it is done'), once('dm'));
    await platform.edit(ref, card('it is done twice'));

    await until(() => count(ana.direct(), /it is done twice/) > 0, 'the message');
    await settled(stage);
    assert.equal(count([...ben.direct(), ...messages()], /it is done/), 0);
  });

  on('a whisper to somebody who asked nothing reaches them alone', async (stage) => {
    const { ana, ben, messages, platform, place } = stage;

    for (let i = 0; i < 2; i++) await platform.whisper(place, ana.account, card('for Ana'), once('news:1'));

    await settled(stage);
    assert.equal(count([...ana.whispers(), ...ana.direct()], /for Ana/), 1);
    assert.equal(count([...ben.whispers(), ...ben.direct(), ...messages()], /for Ana/), 0);
  });

  on('what two people are whispered under one key reaches both', async (stage) => {
    const { ana, ben, platform, place, until } = stage;

    for (const { account } of [ana, ben]) await platform.whisper(place, account, card('for you'), once('news:1'));

    const seen = () => [ana, ben].map((one) => count([...one.whispers(), ...one.direct()], /for you/));
    await until(() => seen().every((times) => times === 1), 'both');
  });

  on('exactly those whom a card pings are told with a sound', async (stage) => {
    const { ana, benIn, pinged, platform, place } = stage;
    const [group = ''] = benIn;
    const ping = [ana.account, group];

    const calling = await platform.post(place, { ...card('Approve?'), ping }, once('ask'));
    const quiet = await platform.post(place, card(`@everyone @here @${group} <!channel>`), once('quiet'));

    await settled(stage);
    assert.deepEqual(pinged(calling).toSorted(), ping.toSorted());
    assert.deepEqual(pinged(quiet), []);
  });

  on('a file comes along, and a link leads where it says', async ({ files, links, platform, place, until }) => {
    const href = 'https://bot.example/jobs/r-1';
    const ref = await platform.post(
      place,
      card(
        'its log',
        { kind: 'file', name: 'r-1.log', text: 'a line\n' },
        { kind: 'actions', actions: [{ label: 'Console', href }] },
      ),
      once('f'),
    );

    await until(() => files(ref).length > 0, 'the file');
    assert.deepEqual(files(ref), [['r-1.log', 'a line\n']]);
    assert.deepEqual(links(ref), [href]);
  });

  on('hostile text stays text, and far too much of it is cut, not refused', async (stage) => {
    const { ana, heard, messages, pinged, platform, place, until } = stage;
    const hostile = '<!channel> @everyone <@U0BEN> <@900000000000000011> **bold** [x](https://evil.example) ```';
    const rows = Array.from({ length: 200 }, (_, at) => [`vm-${at}`, hostile]);
    const blocks: Block[] = [
      { kind: 'title', text: [hostile, ' failed'] },
      { kind: 'fields', fields: [{ name: hostile, value: { code: hostile } }] },
      { kind: 'table', columns: ['Name', 'Text'], rows },
      { kind: 'code', text: `${'x'.repeat(99)}\n`.repeat(200) },
      button('Still here', 'the-token'),
    ];

    const ref = await platform.post(place, { tone: 'error', fallback: hostile, blocks }, once('h'));
    await until(() => count(messages(), /failed/) > 0, 'the card');
    await ana.press(ref, 'Still here');

    assert.equal(heard.presses[0]?.token, 'the-token');
    assert.deepEqual(pinged(ref), []);
  });

  on('whatever a card holds, it is taken', async ({ platform, place }) => {
    let posted = 0;
    const post = fc.asyncProperty(anyCard, async (any) => {
      posted += 1;
      await platform.post(place, any, once(`any-${posted}`));
    });

    await fc.assert(post, { numRuns: 15, endOnFailure: true });
  });

  on('a message that is gone is told apart from one that could not be brought', async ({ platform, place, remove }) => {
    const ref = await platform.post(place, card('one'), once('k'));
    remove(ref);

    await assert.rejects(platform.edit(ref, card('two')), tells('gone'));
  });

  on('a place that takes no messages is told apart', async ({ closed, platform }) => {
    if (!closed) return;

    await assert.rejects(platform.post(closed, card('one'), once('k')), tells('closed'));
  });
}

const tells = (why: DeliveryError['why']) => (error: unknown) => error instanceof DeliveryError && error.why === why;
