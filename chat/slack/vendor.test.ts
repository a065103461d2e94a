import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { Field } from '#chat/form.ts';
import { anyCard } from '#test/any-card.ts';
import { formView } from './modal.ts';
import { fitCard } from './render/fit.ts';
import { most } from './render/limits.ts';
import { typing } from './roots.ts';
import { slackTypes } from './vendor-for-tests.ts';

describe('what Slack’s own types say of what is sent', () => {
  const types = slackTypes();
  const showing = { team: 'T0LAB', groups: new Map([['slack:ops', 'S0OPS']]), typed: typing([], '') };
  const complaints = (check: (typeof types)['KnownBlock'], value: unknown) =>
    check(value) ? [] : [JSON.stringify({ value, errors: check.errors?.slice(0, 3) })];

  test('they refuse what is too long or unknown', () => {
    const text = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) });
    const button = { type: 'button', action_id: 'a', text: text(76) };

    const wrong = [
      { type: 'header', text: text(151) },
      { type: 'section', text: text(3001) },
      { type: 'actions', elements: [button] },
      { type: 'actions', elements: Array(26).fill({ ...button, text: text(5) }) },
      { type: 'divider', colour: 'red' },
      { type: 'nonsense' },
    ];

    assert.deepEqual(
      wrong.filter((block) => types.KnownBlock(block)),
      [],
    );
  });

  test('any card becomes a message that fits', () => {
    fc.assert(
      fc.property(anyCard, fc.boolean(), (card, mentions) => {
        const { blocks, text } = fitCard(card, { ...showing, mentions, surface: 'message' });

        assert.deepEqual(
          blocks.flatMap((block) => complaints(types.KnownBlock, block)),
          [],
        );
        assert.ok(blocks.length > 0 && blocks.length <= most.messageBlocks, `${blocks.length} blocks`);
        assert.ok(JSON.stringify(blocks).length <= most.messageCharacters);
        assert.ok(blocks.filter(({ type }) => type === 'table').length <= 1);
        assert.doesNotMatch(JSON.stringify(blocks), /"text":""/);
        assert.ok(text.length > 0 && text.length < 40_000);
      }),
      { numRuns: 150 },
    );
  });

  test('a new message mentions nobody but those whom its card is to tell', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const { blocks, text } = fitCard(card, { ...showing, mentions: false, surface: 'message' });

        const json = JSON.stringify(blocks);
        const markup = [...json.matchAll(/"type":"mrkdwn","text":"((?:[^"\\]|\\.)*)"/g)]
          .map(([, one]) => one)
          .join(' ');
        const named = [...json.matchAll(/"user_id":"(\w+)"/g)].map(([, user]) => `slack:T0LAB:${user}`);
        const inText = [...text.matchAll(/<@(\w+)>/g)].map(([, user]) => `slack:T0LAB:${user}`);
        assert.ok([...named, ...inText].every((account) => card.ping?.includes(account)));
        assert.doesNotMatch(markup, /<@|<!(?!date)/);
        assert.doesNotMatch(text, /<!/);
      }),
      { numRuns: 150 },
    );
  });

  test('any card becomes a home tab that fits', () => {
    fc.assert(
      fc.property(anyCard, (card) => {
        const { blocks } = fitCard(card, { ...showing, mentions: true, surface: 'home' });

        assert.deepEqual(complaints(types.HomeView, { type: 'home', blocks }), []);
        assert.ok(blocks.length <= most.homeBlocks);
        assert.ok(blocks.every(({ type }) => type !== 'table'));
      }),
      { numRuns: 100 },
    );
  });

  test('any form becomes a modal that fits', () => {
    const word = fc.string({ maxLength: 3000 });
    const field: fc.Arbitrary<Field> = fc.record(
      {
        name: fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/),
        label: word,
        about: word,
        kind: fc.constantFrom('text', 'long', 'choice', 'word', 'flag'),
        required: fc.boolean(),
        choices: fc.array(fc.string({ minLength: 1, maxLength: 75 }), { maxLength: 120 }),
        initial: fc.string({ maxLength: 75 }),
        max: fc.integer({ min: 1, max: 5000 }),
      },
      { requiredKeys: ['name', 'label', 'about', 'kind', 'required'] },
    );
    const fields = fc.uniqueArray(field, { selector: ({ name }) => name, maxLength: 120 });
    const form = fc.record({ token: fc.string({ maxLength: 100 }), title: word, send: word, about: word, fields });

    fc.assert(
      fc.property(form, (one) => {
        const view = formView(one, { platform: 'slack', channel: 'C0OPS', thread: '1700000000.000100' });

        assert.deepEqual(complaints(types.ModalView, view), []);
      }),
      { numRuns: 60 },
    );
  });
});
