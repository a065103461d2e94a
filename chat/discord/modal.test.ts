import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ComponentType, InteractionResponseType } from 'discord.js';
import { ModalInteractionCallbackRequestSchema } from 'discord-api-spec/zod';
import fc from 'fast-check';
import type { Field, Form } from '#chat/form.ts';
import { modalOf } from './modal.ts';

const words = fc.oneof(fc.string({ minLength: 1, maxLength: 80 }), fc.constant('long '.repeat(900)));
const anyField: fc.Arbitrary<Field> = fc.record(
  {
    ...{ name: fc.uuid(), label: words, about: words, required: fc.boolean() },
    kind: fc.constantFrom('text', 'long', 'choice', 'word', 'flag'),
    choices: fc.uniqueArray(words, { minLength: 1, maxLength: 40, selector: (one) => one.slice(0, 99) }),
    initial: words,
    max: fc.integer({ min: 0, max: 9000 }),
  },
  { requiredKeys: ['name', 'label', 'about', 'required', 'kind'] },
);
const anyForm: fc.Arbitrary<Form> = fc.record(
  {
    ...{ token: fc.uuid(), title: words, send: words, about: words },
    fields: fc.array(anyField, { minLength: 1, maxLength: 12 }),
    takesMore: fc.constant(true as const),
  },
  { requiredKeys: ['token', 'title', 'send', 'fields'] },
);

test('any form becomes a modal that Discord takes, filled in or not', () => {
  fc.assert(
    fc.property(anyForm, words, (form, typed) => {
      const values = Object.fromEntries(form.fields.map(({ name }) => [name, typed]));
      for (const modal of [modalOf(form), modalOf(form, values)]) {
        const read = ModalInteractionCallbackRequestSchema.safeParse({
          type: InteractionResponseType.Modal,
          data: modal,
        });
        assert.ok(read.success, JSON.stringify(read.error?.issues));
        assert.ok(modal.components.length <= 5);
      }
    }),
    { numRuns: 60 },
  );
});

test('what a short form is about stands above its fields', () => {
  const { components } = modalOf({
    ...{ token: 't', title: 'Reject', send: 'Reject', about: 'Who asked reads it.' },
    fields: [{ name: 'why', label: 'Why', about: 'In a sentence.', kind: 'long', required: true }],
  });

  assert.deepEqual(
    components.map(({ type }) => type),
    [ComponentType.TextDisplay, ComponentType.Label],
  );
});
