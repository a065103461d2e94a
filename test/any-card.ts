import fc from 'fast-check';
import type { Action, Block, Card, Inline, StepLine, Text } from '#base/card.ts';

/** Text as people, machines and attackers write it: markup of every platform, mentions, emoji, half characters, very long ones. */
const words: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ maxLength: 60 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 2, arbitrary: fc.lorem({ maxCount: 40, mode: 'words' }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '',
      ' ',
      '\n',
      '<!channel> <@U0ANA> <#C0OPS> @everyone @here <@&123>',
      '*bold* _it_ ~gone~ `code` ```fence``` > quote',
      '<https://evil.example|click> [click](https://evil.example) https://evil.example',
      ':tada: &amp; &lt;b&gt; "quotes" \\ back',
      '\u202Ereversed \u200Bhidden',
      '💾'.repeat(50),
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5000 }).map((length) => 'long '.repeat(length)) },
);

const moments = fc.integer({ min: 0, max: 4_102_444_800_000 });
const names = fc.oneof(fc.constantFrom('slack:T0LAB:U0ANA', 'discord:900000000000000010', 'ana', 'slack:T1:U9'), words);
const addresses = fc.oneof(
  fc.webUrl(),
  fc.constantFrom('javascript:alert(1)', 'ssh://10.0.0.7', '', 'not a link'),
  words,
);

const inline: fc.Arbitrary<Inline> = fc.oneof(
  words,
  fc.record({ b: words }),
  fc.record({ code: words }),
  fc.record({ who: names, name: words }),
  fc.record({ at: moments }),
  fc.record({ link: words, href: addresses }),
);

const text: fc.Arbitrary<Text> = fc.oneof(inline, fc.array(inline, { maxLength: 15 }));
/** As long as buttons and forms keep theirs. */
const token = fc.string({
  minLength: 1,
  maxLength: 90,
  unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz0123456789-'),
});

const action: fc.Arbitrary<Action> = fc.oneof(
  fc.record(
    { label: words, token, tone: fc.constantFrom('primary', 'danger'), confirm: words },
    { requiredKeys: ['label', 'token'] },
  ),
  fc.record({ label: words, href: addresses }),
);

const step: fc.Arbitrary<StepLine> = fc.record(
  {
    state: fc.constantFrom('waiting', 'running', 'done', 'failed', 'undone', 'skipped'),
    label: words,
    startedAt: moments,
    tookMs: fc.integer({ min: 0, max: 10_000_000 }),
    note: words,
  },
  { requiredKeys: ['state', 'label'] },
);

const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constantFrom('title' as const, 'text' as const, 'small' as const), text }),
  fc.record({
    kind: fc.constant('fields' as const),
    fields: fc.array(fc.record({ name: words, value: text }), { maxLength: 30 }),
  }),
  fc.record({
    kind: fc.constant('progress' as const),
    done: fc.integer({ min: -1, max: 30 }),
    total: fc.nat(30),
    label: words,
  }),
  fc.record({ kind: fc.constant('steps' as const), steps: fc.array(step, { maxLength: 60 }) }),
  fc.record({
    kind: fc.constant('table' as const),
    columns: fc.array(words, { maxLength: 25 }),
    rows: fc.array(fc.array(text, { maxLength: 8 }), { maxLength: 150 }),
  }),
  fc.record({
    kind: fc.constant('code' as const),
    text: fc.array(words, { maxLength: 60 }).map((lines) => lines.join('\n')),
  }),
  fc.record({ kind: fc.constant('file' as const), name: words, text: words }),
  fc.record({ kind: fc.constant('actions' as const), actions: fc.array(action, { maxLength: 40 }) }),
);

/** Any card that the product could make, and many that it never will. */
export const anyCard: fc.Arbitrary<Card> = fc.record(
  {
    tone: fc.constantFrom('info', 'running', 'ok', 'warn', 'error', 'ask'),
    fallback: words,
    blocks: fc.array(block, { maxLength: 70 }),
    ping: fc.array(names, { maxLength: 70 }),
  },
  { requiredKeys: ['tone', 'fallback', 'blocks'] },
);
