import {
  type APIComponentInModalActionRow,
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import { type Field, type Form, moreField } from '#chat/form.ts';
import type { Filled } from '#chat/platform.ts';
import { clip, most } from './render/limits.ts';

type Values = Filled['values'];

/** A form as Discord shows it. It has five fields at most: of a longer one the first four, and one that takes the rest as typed. */
export function modalOf(form: Form, values: Values = {}): APIModalInteractionResponseCallbackData {
  const fits = form.fields.length <= most.modalFields;
  const fields = fits
    ? form.fields
    : [...form.fields.slice(0, most.modalFields - 1), ...(form.takesMore ? [more] : [])];
  return {
    custom_id: form.token,
    title: clip(form.title, most.modalTitle),
    components: fields.map((field) => labelled(field, values[field.name])),
  };
}

const more: Field = {
  name: moreField,
  label: 'More',
  about: 'As you would type it: --cpus 4 --node pve2',
  kind: 'text',
  required: false,
  max: 1000,
};

function labelled(field: Field, value: string | true | undefined): APILabelComponent {
  return {
    type: ComponentType.Label,
    label: clip(field.label, most.fieldLabel),
    description: clip(field.about, most.fieldAbout),
    component: input(field, value),
  };
}

function input(
  field: Field,
  value: string | true | undefined,
): APIComponentInModalActionRow | APILabelComponent['component'] {
  const { name: custom_id, kind, required, choices } = field;
  if (kind === 'flag') return picker(custom_id, false, ['yes', 'no'], value === true ? 'yes' : undefined);
  if (kind === 'choice') return picker(custom_id, required, choices ?? [], value ?? field.initial);
  const initial = value === undefined || value === true ? field.initial : value;
  return {
    type: ComponentType.TextInput,
    custom_id,
    style: kind === 'long' ? TextInputStyle.Paragraph : TextInputStyle.Short,
    required,
    max_length: Math.min(field.max ?? most.input, most.input),
    ...(initial ? { value: clip(initial, field.max ?? most.input) } : {}),
  };
}

function picker(custom_id: string, required: boolean, choices: readonly string[], picked: string | true | undefined) {
  return {
    type: ComponentType.StringSelect as const,
    custom_id,
    required,
    options: choices.slice(0, most.choices).map((choice) => ({
      label: clip(choice, most.choice),
      value: clip(choice, most.choice),
      default: choice === picked,
    })),
  };
}

/** What was written into it, by field. */
export function valuesOf({ components }: APIModalSubmission): Values {
  const values: Record<string, string | true> = {};
  for (const part of components) {
    if (part.type !== ComponentType.Label) continue;
    const { component } = part;
    if ('value' in component && typeof component.value === 'string' && component.value.trim() !== '') {
      values[component.custom_id] = component.value;
    }
    if ('values' in component && component.type === ComponentType.StringSelect) {
      const [picked] = component.values;
      if (picked === 'yes') values[component.custom_id] = true;
      else if (picked !== undefined && picked !== 'no') values[component.custom_id] = picked;
    }
  }
  return values;
}
