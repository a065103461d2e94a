import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Block, Card } from '#base/card.ts';
import { typing } from '../roots.ts';
import { fitCard } from './fit.ts';
import { most } from './limits.ts';
import { renderCard } from './render.ts';
import type { Showing } from './showing.ts';

const showing: Showing = {
  team: 'T0LAB',
  groups: new Map([['slack:ops', 'S0OPS']]),
  mentions: true,
  surface: 'message',
  typed: typing([], ''),
};
const card = (...blocks: Block[]): Card => ({ tone: 'info', fallback: 'A card.', blocks });
const json = (rendered: unknown) => JSON.stringify(rendered);

test('a running job has its mark, bar, check-list and foot', () => {
  const { blocks, text } = renderCard(
    {
      tone: 'running',
      fallback: 'vm create k8s-dev is running.',
      blocks: [
        { kind: 'title', text: ['VM ', { b: 'k8s-dev' }, ' is running'] },
        { kind: 'progress', done: 2, total: 5, label: 'booting' },
        {
          kind: 'steps',
          steps: [
            { state: 'done', label: 'Clone', tookMs: 38_000 },
            { state: 'running', label: 'Boot', startedAt: 1_795_227_928_000 },
            { state: 'waiting', label: 'SSH' },
          ],
        },
        { kind: 'small', text: ['Run ', { code: 'r-42' }, ' · asked by ', { who: 'slack:T0LAB:U0ANA', name: 'Ana' }] },
      ],
    },
    showing,
  );

  assert.equal(text, '⏳ vm create k8s-dev is running.');
  assert.deepEqual(
    blocks.map(({ type }) => type),
    ['rich_text', 'rich_text', 'rich_text', 'context'],
  );
  assert.match(json(blocks[0]), /⏳ .*"bold":true/);
  assert.match(json(blocks[1]), /████████░░░░░░░░░░░░.* 40 %.*2\/5 {2}· {2}booting/);
  assert.match(json(blocks[2]), /✅ Clone.*38 s.*🔄 Boot.*"timestamp":1795227928.*⬜ SSH/);
  assert.match(json(blocks[3]), /Run `r-42` · asked by <@U0ANA>/);
});

test('nothing in a text becomes a mention, a link or bold', () => {
  const evil = '<!channel> <@U0ANA> *bold* :tada:';

  const { blocks, text } = renderCard(
    {
      tone: 'info',
      fallback: evil,
      blocks: [
        { kind: 'text', text: evil },
        { kind: 'small', text: [evil, { code: evil }, { b: evil }, { link: evil, href: 'https://example.com' }] },
        { kind: 'fields', fields: [{ name: evil, value: evil }] },
        { kind: 'table', columns: [evil], rows: [[evil]] },
      ],
    },
    showing,
  );

  assert.equal(text, '&lt;!channel&gt; &lt;@U0ANA&gt; *bold* :tada:');
  const marked = [...json(blocks).matchAll(/"type":"mrkdwn","text":"([^"]*)"/g)].map(([, one]) => one);
  assert.deepEqual(marked, ['`&lt;!channel&gt; &lt;@U0ANA&gt; *bold* :tada:`']);
});

test('only those whom a card is to tell are mentioned in a new message', () => {
  const quiet = { ...showing, mentions: false };
  const who = { who: 'slack:T0LAB:U0ANA', name: 'Ana' };

  const plain = renderCard(card({ kind: 'text', text: [who, ' asks'] }), quiet);
  const loud = renderCard(
    { ...card({ kind: 'title', text: 'Approve?' }), ping: ['slack:T0LAB:U0BEN', 'slack:ops', 'discord:7'] },
    quiet,
  );

  assert.doesNotMatch(json(plain), /"user"|<@/);
  assert.match(json(plain), /@Ana/);
  assert.equal(loud.text, '<@U0BEN> <!subteam^S0OPS> A card.');
  assert.match(json(loud.blocks[1]), /"user_id":"U0BEN".*"usergroup_id":"S0OPS"/);
});

test('somebody of another workspace or platform is shown by name', () => {
  const { blocks } = renderCard(card({ kind: 'text', text: { who: 'slack:T9:U0ANA', name: 'Ana' } }), showing);

  assert.match(json(blocks), /@Ana/);
});

test('buttons carry their token, ask again when they are to, and are red or green', () => {
  const actions = [
    { label: 'Cancel', token: 't-1', tone: 'danger', confirm: 'What was made is removed.' },
    { label: 'Console', href: 'https://bot.example/jobs/r-42' },
    { label: 'Bad', href: 'javascript:alert(1)' },
  ] as const;

  const { blocks } = renderCard(card({ kind: 'actions', actions }), showing);

  const [row] = blocks;
  assert.ok(row?.type === 'actions');
  assert.deepEqual(
    row.elements.map((element) => 'value' in element && [element.value, element.action_id]),
    [['t-1', 'press.0'], false],
  );
  assert.match(json(row), /"style":"danger".*"confirm":.*What was made is removed\./);
});

test('the first table is Slack’s own, others and those on a home tab are aligned text', () => {
  const table: Block = { kind: 'table', columns: ['Name', 'Node'], rows: [['k8s-dev', { b: 'pve2' }]] };

  const message = renderCard(card(table, table), showing);
  const home = renderCard(card(table), { ...showing, surface: 'home' });

  assert.deepEqual(
    message.blocks.map(({ type }) => type),
    ['table', 'rich_text'],
  );
  assert.match(json(home.blocks), /Name {5}Node\\nk8s-dev {2}pve2/);
});

test('code goes first when it is too much, then rows; what is left says how much is missing', () => {
  const lines = Array.from({ length: 500 }, (_, at) => `line ${at} of a log that is far too long`);
  const rows = Array.from({ length: 90 }, (_, at) => [`vm-${at}`, { b: `pve${at}` }, 'running for a long time now']);
  const full = card(
    { kind: 'title', text: 'All VMs' },
    { kind: 'table', columns: ['Name', 'Node', 'State'], rows },
    { kind: 'code', text: lines.join('\n') },
    { kind: 'actions', actions: [{ label: 'Again', token: 't' }] },
  );

  const { blocks } = fitCard(full, showing);

  const all = json(blocks);
  assert.ok(all.length <= most.messageCharacters);
  const [table, code] = [...all.matchAll(/…and (\d+) more/g)].map(([, count]) => Number(count));
  const shownRows = [...all.matchAll(/vm-\d+/g)].length;
  const shownLines = [...all.matchAll(/line \d+ of/g)].length;
  assert.equal(shownRows + (table ?? 0), 90);
  assert.equal(shownLines + (code ?? 0), 500);
  assert.match(all, /All VMs.*"value":"t"/);
});

test('sixty blocks become at most fifty, and the buttons stay', () => {
  const many = Array.from({ length: 60 }, (_, at): Block => ({ kind: 'text', text: `text ${at}` }));

  const { blocks } = fitCard(card(...many, { kind: 'actions', actions: [{ label: 'Go', token: 't' }] }), showing);

  assert.ok(blocks.length <= most.messageBlocks);
  assert.match(json(blocks), /…and \d+ more.*"value":"t"/);
});

test('a card that shows nothing shows its sentence', () => {
  assert.match(json(renderCard(card(), showing).blocks), /A card\./);
});
