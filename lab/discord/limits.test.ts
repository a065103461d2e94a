import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { fixedIds } from './first-world.ts';
import { ask, codeOf } from './rest-for-tests.ts';
import { startDiscord } from './start.ts';

const path = `/channels/${fixedIds.ops}/messages`;
const button = (more: object) => ({ type: 2, style: 1, label: 'b', custom_id: 'b', ...more });
const row = (...components: object[]) => ({ type: 1, components });
const text = (length: number) => ({ type: 10, content: 'x'.repeat(length) });
const v2 = (...components: object[]) => ({ flags: 1 << 15, components });

const wrong: readonly (readonly [string, object, string])[] = [
  ['content over 2000 characters', { content: 'x'.repeat(2_001) }, 'content'],
  ['a label over 80 characters', v2(row(button({ label: 'x'.repeat(81) }))), 'components.0.components.0.label'],
  [
    'a custom id over 100 characters',
    v2(row(button({ custom_id: 'x'.repeat(101) }))),
    'components.0.components.0.custom_id',
  ],
  ['the same custom id twice', v2(row(button({}), button({}))), 'components.0.components.1.custom_id'],
  ['a button without a custom id', v2(row(button({ custom_id: undefined }))), 'components.0.components.0.custom_id'],
  [
    'a link with a custom id',
    v2(row(button({ style: 5, url: 'https://a.example' }))),
    'components.0.components.0.custom_id',
  ],
  [
    'six buttons in a row',
    v2(row(...'abcdef'.split('').map((custom_id) => button({ custom_id })))),
    'components.0.components',
  ],
  ['41 components', v2({ type: 17, components: Array(40).fill(text(1)) }), 'components'],
  ['4001 characters of text', v2(text(4_000), text(1)), 'components'],
  ['text and components of the second kind', { ...v2(text(1)), content: 'x' }, 'content'],
  ['text components without their flag', { components: [text(1)] }, 'components.0.type'],
  ['a file that was not sent', v2({ type: 13, file: { url: 'attachment://a.txt' } }), 'components.0.file.url'],
  ['eleven embeds', { embeds: Array(11).fill({ title: 'x' }) }, 'embeds'],
  [
    'embeds of 6001 characters',
    { embeds: [{ description: 'x'.repeat(4_000) }, { description: 'x'.repeat(2_001) }] },
    'embeds',
  ],
  ['a nonce over 25 characters', { content: 'x', nonce: 'x'.repeat(26) }, 'nonce'],
];

describe('50035 names the place of', () => {
  for (const [what, body, place] of wrong) {
    test(what, async () => {
      await using lab = await startDiscord();

      const answer = await ask(lab, 'POST', path, body);

      const errors = place
        .split('.')
        .reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], answer.body.errors);
      assert.equal(codeOf(answer), '400 50035');
      assert.ok(Array.isArray((errors as { _errors?: unknown })._errors), JSON.stringify(answer.body.errors));
      assert.deepEqual(
        lab.violations.map(({ kind }) => kind),
        ['wrong-request'],
      );
    });
  }
});

test('a property that Discord does not know is let through and kept as a violation', async () => {
  await using lab = await startDiscord();

  const answer = await ask(lab, 'POST', path, v2(row(button({ colour: 'red' }))));

  assert.equal(answer.status, 200);
  assert.deepEqual(lab.violations, [
    {
      kind: 'unknown-property',
      where: 'POST /channels/{channel}/messages',
      problems: ['components.0.components.0.colour'],
    },
  ]);
});

test('a channel takes five messages in five seconds, and then says when the next', async () => {
  await using lab = await startDiscord();
  const answers = [];
  for (let n = 0; n < 6; n += 1) answers.push(await ask(lab, 'POST', path, { content: `${n}` }));

  const elsewhere = await ask(lab, 'POST', `/channels/${fixedIds.random}/messages`, { content: 'x' });
  lab.pass(5_000);
  const later = await ask(lab, 'POST', path, { content: 'later' });

  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 200, 200, 200, 429],
  );
  assert.deepEqual(
    answers.map(({ headers }) => headers.get('x-ratelimit-remaining')),
    ['4', '3', '2', '1', '0', '0'],
  );
  assert.ok(Number(answers[5]?.body.retry_after) > 4);
  assert.deepEqual([elsewhere.status, later.status, lab.violations], [200, 200, []]);
});

test('all routes together take fifty calls in a second', async () => {
  await using lab = await startDiscord();
  const answers = await Promise.all(
    Array.from({ length: 51 }, (_, n) => ask(lab, 'GET', n % 2 === 0 ? `/guilds/${lab.guildId}` : '/users/@me')),
  );

  const refused = answers.filter(({ status }) => status === 429);

  assert.equal(refused.length, 1);
  assert.deepEqual([refused[0]?.body.global, refused[0]?.headers.get('x-ratelimit-scope')], [true, 'global']);
});

test('faults strike the calls that match, as often as they say', async () => {
  await using lab = await startDiscord();
  lab.faults.push({ on: 'rest', method: 'POST', path: '/messages', mode: 'status', status: 503, times: 2 });
  lab.faults.push({ on: 'rest', path: '/messages', mode: 'rate-limit', retryAfterMs: 1_500, global: true });
  lab.faults.push({ on: 'rest', path: '/messages', mode: 'drop-after' });

  const statuses: unknown[] = [];
  for (const content of ['a', 'b', 'c']) statuses.push((await ask(lab, 'POST', path, { content })).status);
  await assert.rejects(ask(lab, 'POST', path, { content: 'd' }));

  assert.deepEqual(statuses, [503, 503, 429]);
  assert.deepEqual(
    lab.messages('ops').map(({ content }) => content),
    ['d'],
  );
});
