import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Field, Form } from '#chat/form.ts';
import { originOf, valuesIn } from './filled.ts';
import { errorsIn, formView, type ShownBlock } from './modal.ts';

const place = { platform: 'slack', channel: 'C0OPS', thread: '1700000000.000100' };
const field = (name: string, kind: Field['kind'], more: Partial<Field> = {}): Field => ({
  name,
  label: name,
  about: `The ${name}.`,
  kind,
  required: false,
  ...more,
});
const form = (...fields: Field[]): Form => ({ token: 'f-1', title: '/vm create', send: 'Run', fields });

test('each kind of field is an input of its own, and all flags are one list of boxes', () => {
  const view = formView(
    form(
      field('name', 'text', { required: true, max: 40 }),
      field('why', 'long'),
      field('size', 'choice', { choices: ['small', 'medium'], initial: 'medium' }),
      field('node', 'word', { initial: 'pve2' }),
      field('full', 'flag'),
      field('keep', 'flag', { initial: 'true' }),
    ),
    place,
  );

  const elements = view.blocks.map((block) => ('element' in block ? (block.element as { type: string }).type : ''));
  assert.deepEqual(elements, [
    'plain_text_input',
    'plain_text_input',
    'static_select',
    'external_select',
    'checkboxes',
  ]);
  assert.deepEqual(
    view.blocks.map((block) => 'optional' in block && block.optional),
    [false, true, true, true, true],
  );
});

test('the place and the token go along with the form and come back', () => {
  const view = formView(form(field('name', 'text')), place);

  assert.deepEqual(originOf(view.private_metadata), { token: 'f-1', place });
});

test('values come back by field; what is empty is left out', () => {
  const values = valuesIn({
    'field.name': { value: { value: 'k8s-dev' } },
    'field.why': { value: { value: null } },
    'field.size': { value: { selected_option: { value: 'medium' } } },
    'field.node': { value: { selected_option: null } },
    'flags.0': { value: { selected_options: [{ value: 'full' }] } },
  });

  assert.deepEqual(values, { name: 'k8s-dev', size: 'medium', full: true });
});

test('a complaint stands at its field, one about a flag at the boxes, one about the whole at the first input', () => {
  const view = formView({ ...form(field('name', 'text'), field('full', 'flag')), about: 'A form.' }, place);

  const errors = errorsIn(view.blocks as readonly ShownBlock[], { name: 'is taken', full: 'not here', '': 'Too old.' });

  assert.deepEqual(errors, { 'field.name': 'is taken Too old.', 'flags.0': 'not here' });
});
