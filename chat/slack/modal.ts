import type { InputBlock, KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import type { Field, Form } from '#chat/form.ts';
import type { Complaints, Place } from '#chat/platform.ts';
import { clip } from '../clip.ts';
import { most } from './render/limits.ts';
import { richText } from './render/rich.ts';
import { unmarked } from './render/small.ts';

/** What marks our modals; and the id of each input's only element. */
export const formId = 'form';
export const valueId = 'value';

/** A form as a modal. Where it was asked for, and the form's token, go along with it, so that any gateway can take what is sent. */
export function formView(form: Form, place: Place): ModalView {
  const inputs = form.fields.filter(({ kind }) => kind !== 'flag').map(inputBlock);
  const about = richText([{ type: 'text', text: clip(form.about ?? '', most.text) }]);
  const blocks: KnownBlock[] = [...about, ...inputs, ...flagBlocks(form.fields.filter(({ kind }) => kind === 'flag'))];
  return {
    type: 'modal',
    callback_id: formId,
    title: unmarked(form.title, most.viewTitle),
    submit: unmarked(form.send, most.viewTitle),
    close: unmarked('Cancel', most.viewTitle),
    private_metadata: JSON.stringify({ token: form.token, place }),
    blocks: blocks.slice(0, most.homeBlocks),
  };
}

function inputBlock(field: Field): InputBlock {
  return {
    type: 'input',
    block_id: `field.${field.name}`,
    label: unmarked(field.label, most.field),
    ...(field.about === '' ? {} : { hint: unmarked(field.about, most.field) }),
    optional: !field.required,
    element: inputElement(field),
  };
}

function inputElement({ kind, choices = [], initial, max = most.input }: Field): InputBlock['element'] {
  if (kind === 'choice' && choices.length > 0) {
    const options = choices.slice(0, most.options).map((choice) => option(choice));
    const chosen = options.find(({ value }) => value === initial);
    return { type: 'static_select', action_id: valueId, options, ...(chosen ? { initial_option: chosen } : {}) };
  }
  if (kind === 'word') {
    return {
      type: 'external_select',
      action_id: valueId,
      min_query_length: 0,
      placeholder: unmarked('Search, or type anything', most.hint),
      ...(initial ? { initial_option: option(initial) } : {}),
    };
  }
  const length = Math.min(max, most.input);
  return {
    type: 'plain_text_input',
    action_id: valueId,
    multiline: kind === 'long',
    max_length: length,
    ...(initial ? { initial_value: clip(initial, length) } : {}),
  };
}

function flagBlocks(flags: readonly Field[]): InputBlock[] {
  const blocks: InputBlock[] = [];
  for (let from = 0; from < flags.length; from += most.checkboxes) {
    const some = flags.slice(from, from + most.checkboxes);
    const options = some.map(({ name, label, about }) => option(name, label, about));
    const on = options.filter((_, at) => some[at]?.initial === 'true');
    blocks.push({
      type: 'input',
      block_id: `flags.${from}`,
      label: unmarked('Options', most.field),
      optional: true,
      element: { type: 'checkboxes', action_id: valueId, options, ...(on.length > 0 ? { initial_options: on } : {}) },
    });
  }
  return blocks;
}

/** A value is never cut: another one would come back. */
export function option(value: string, label: string = value, about = ''): PlainTextOption {
  const description = about === '' ? {} : { description: unmarked(about, most.option) };
  return { value, text: unmarked(label, most.option), ...description };
}

/** What a field's complaint is shown at: Slack knows inputs only, so what concerns the whole form stands at the first. */
export function errorsIn(blocks: readonly ShownBlock[], complaints: Complaints): Record<string, string> {
  const inputs = blocks.filter(({ type }) => type === 'input');
  const errors: Record<string, string> = {};
  for (const [field, complaint] of Object.entries(complaints)) {
    const own = inputs.find(
      ({ block_id, element }) =>
        block_id === `field.${field}` || element?.options?.some(({ value }) => value === field),
    );
    const id = (own ?? inputs[0])?.block_id;
    if (id) errors[id] = clip([errors[id], complaint].filter(Boolean).join(' '), most.field);
  }
  return errors;
}

/** A block of a view as Slack sends it back. */
export interface ShownBlock {
  readonly type: string;
  readonly block_id?: string;
  readonly element?: { readonly options?: readonly { readonly value?: string }[] };
}
