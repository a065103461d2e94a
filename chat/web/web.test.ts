import assert from 'node:assert/strict';
import { test } from 'node:test';
import { once } from '#chat/once-for-tests.ts';
import { openMemoryStore } from './memory-store.ts';
import { card, messagesOf, says, startConsole, textOf } from './test-console.ts';

const ops = { platform: 'web', channel: 'ops' };

test('what is whispered reaches its person, then and later, and nobody else', async () => {
  await using own = await startConsole();
  const [ana, ben] = [await own.visit('ana'), await own.visit('ben')];
  await using anaHears = await ana.listen();
  await using benHears = await ben.listen();
  await benHears.until(({ event }) => event === 'snapshot');

  await own.web.whisper(ops, 'ana', card('for Ana'), once('for Ana'));
  await own.web.post(ops, card('for all'), once('k'));

  await anaHears.until(says('for Ana'));
  await benHears.until(says('for all'));
  assert.equal(benHears.told.some(says('for Ana')), false);
  const later = await Promise.all(
    [ana, ben].map(async (one) => (await one.listen()).until(({ event }) => event === 'snapshot')),
  );
  assert.deepEqual(
    later.map((told) => messagesOf(told).map(textOf)),
    [['for Ana', 'for all'], ['for all']],
  );
});

test('after a break the page is told what it missed, and no more', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');
  const first = await ana.listen();
  await first.until(({ event }) => event === 'snapshot');
  const ref = await own.web.post(ops, card('one'), once('1'));
  const { id } = await first.until(says('one'));
  await first[Symbol.asyncDispose]();
  await own.web.edit(ref, card('one, changed'));
  await own.web.whisper(ops, 'ben', card('for Ben'), once('for Ben'));
  await own.web.post(ops, card('two'), once('2'));

  await using again = await ana.listen(id);

  await again.until(says('two'));
  const told = again.told.filter(({ event }) => event !== 'people');
  assert.deepEqual(
    told.map(({ event, data }) => [event, textOf(data as never)]),
    [
      ['message', 'one, changed'],
      ['message', 'two'],
    ],
  );
});

test('a break that was too long begins with the newest messages again', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');
  await own.web.post(ops, card('one'), once('1'));

  await using ears = await ana.listen('12345-0');

  assert.deepEqual(messagesOf(await ears.until(({ event }) => event === 'snapshot')).map(textOf), ['one']);
});

test('a card is posted once for each key, and an edit is a newer version of the same message', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');
  await using ears = await ana.listen();

  const refs = [
    await own.web.post(ops, card('one'), once('run-1')),
    await own.web.post(ops, card('one'), once('run-1')),
  ];
  await own.web.edit({ place: ops, id: refs[0]?.id ?? '' }, card('one, changed'));

  assert.deepEqual(refs[0], refs[1]);
  const { data } = await ears.until(says('one, changed'));
  assert.deepEqual(data, { ...(data as object), id: refs[0]?.id, revision: 2 });
});

test('a thread holds its messages, and what is whispered in it stays between two', async () => {
  await using own = await startConsole();
  const [ana, ben] = [await own.visit('ana'), await own.visit('ben')];
  const { id } = await own.web.post(ops, card('root'), once('root'));
  await own.web.post({ ...ops, thread: id }, card('Reserve VMID 5001'), once('note'));
  await own.web.whisper({ ...ops, thread: id }, 'ana', card('for Ana'), once('for Ana'));

  const threads = await Promise.all(
    [ana, ben].map(async (one) => (await one.get(`/api/threads?message=${id}`)).json()),
  );

  const texts = (threads as { replies: never[] }[]).map(({ replies }) => replies.map(textOf));
  assert.deepEqual(texts, [['Reserve VMID 5001', 'for Ana'], ['Reserve VMID 5001']]);
});

test('a button that somebody presses reaches the bot with the place of its card, and the answer reaches everybody', async () => {
  await using own = await startConsole();
  const [ana, ben] = [await own.visit('ana'), await own.visit('ben')];
  await using ears = await ana.listen();
  const ref = await own.web.post(ops, card('Approve?', 'yes-token', 'no-token'), once('ask'));
  own.does.press = async ({ by }) => {
    await own.web.edit(ref, card(`Approved by ${by.name}`));
    return 'private';
  };

  const response = await ben.press(ref.id, 'yes-token');

  assert.equal(response.status, 202);
  await ears.until(says('Approved by Ben'));
  assert.deepEqual(
    own.heard.presses.map(({ place, by, token }) => [place, by.account, token]),
    [[ops, 'ben', 'yes-token']],
  );
});

test('a button that is gone, or that one cannot see, cannot be pressed', async () => {
  await using own = await startConsole();
  const [ana, ben] = [await own.visit('ana'), await own.visit('ben')];
  const ref = await own.web.post(ops, card('Approve?', 'yes-token'), once('ask'));
  await own.web.edit(ref, card('Approved'));
  await own.web.whisper(ops, 'ana', card('for Ana', 'go'), once('for Ana'));
  await using ears = await ana.listen();
  const whispered = messagesOf(await ears.until(({ event }) => event === 'snapshot')).at(-1)?.id ?? '';

  const statuses = [await ana.press(ref.id, 'yes-token'), await ben.press(whispered, 'go')].map(({ status }) => status);

  assert.deepEqual([statuses, own.heard.presses], [[409, 404], []]);
});

test('what could be typed is asked of the bot in the name of the person', async () => {
  await using own = await startConsole();
  const ana = await own.visit('ana');
  own.does.complete = async (line, by) => [{ line: `${line}list`, label: by.name, about: '' }];

  const response = await ana.get(`/api/complete?line=${encodeURIComponent('/vm ')}`);

  assert.deepEqual(await response.json(), { completions: [{ line: '/vm list', label: 'Ana', about: '' }] });
});

test('the page is told of what is new in another channel, with nothing of what it says', async () => {
  await using own = await startConsole({ channels: ['ops', 'lab'] });
  const [ana, ben] = [await own.visit('ana'), await own.visit('ben')];
  await own.web.post({ platform: 'web', channel: 'lab' }, card('in the lab'), once('lab'));
  await using anaHears = await ana.listen();
  await using benHears = await ben.listen();
  const { data } = await anaHears.until(({ event }) => event === 'snapshot');
  await benHears.until(({ event }) => event === 'snapshot');

  const direct = await own.web.post(await own.web.direct('ana'), card('for Ana'), once('direct'));
  await own.web.edit(direct, card('for Ana, changed'));
  await own.web.post(ops, card('for all'), once('all'));

  await anaHears.until(says('for all'));
  await benHears.until(says('for all'));
  assert.deepEqual((data as { newest: object }).newest, { lab: '1' });
  const elsewhere = [anaHears, benHears].map(({ told }) => told.filter(({ event }) => event === 'elsewhere'));
  assert.deepEqual(
    elsewhere.map((events) => events.map((one) => one.data)),
    [[{ channel: '@ana', id: direct.id }], []],
  );
});

test('a message that is not kept any more is gone', async () => {
  await using own = await startConsole();

  await assert.rejects(own.web.edit({ place: ops, id: '999' }, card('one')), { name: 'DeliveryError', why: 'gone' });
});

test('the page is told who is here', async () => {
  await using own = await startConsole();
  const [ana, ben] = [await own.visit('ana'), await own.visit('ben')];
  await using ears = await ana.listen();
  await ears.until(({ event }) => event === 'people');

  await using _ = await ben.listen();

  await ears.until(({ event, data }) => event === 'people' && String(data) === 'ana,ben');
});

test('two gateways with one store are one console', async () => {
  const store = openMemoryStore();
  await using one = await startConsole({ store });
  await using two = await startConsole({ store });
  await using ears = await (await two.visit('ben')).listen();

  await (await one.visit('ana')).type('/vm list');

  await ears.until(says('/vm list'));
});

test('stopping ends the open streams', async () => {
  const own = await startConsole();
  const ana = await own.visit('ana');
  const ears = await ana.listen();
  await ears.until(({ event }) => event === 'snapshot');

  await own.web.stop();

  await ears.untilEnd();
});
