import {
  type APILabelComponent,
  type APIModalInteractionResponseCallbackData,
  type APIModalSubmission,
  ComponentType,
  TextInputStyle,
} from 'discord.js';
import { type Field, type Form, moreField } from '#chat/form.ts';
import type { Filled } from '#chat/platform.ts';
import { clip } from '../clip.ts';
import { most } from './render/limits.ts';
import { markdown } from './render/markdown.ts';

type Values = Filled['values'];

/** How a flag is answered; no choice of a form looks like it. */
const flag = { yes: 'flag:yes', no: 'flag:no' } as const;

/**
 * A form as Discord shows it. It has five parts at most: of a longer command's form the first four fields, and one that takes the rest as typed. What it is about
 * stands above the fields when there is room.
 */
export function modalOf(form: Form, values: Values = {}): APIModalInteractionResponseCallbackData {
  const parts = fieldsOf(form).map((field) => labelled(field, values[field.name]));
  const about = form.about && parts.length < most.modalFields ? [{ type: text, content: markdown(form.about) }] : [];
  return { custom_id: form.token, title: clip(form.title, most.modalTitle), components: [...about, ...parts] };
}

const text = ComponentType.TextDisplay as const;

function fieldsOf({ fields, takesMore }: Form): readonly Field[] {
  const whole = !takesMore || fields.length <= most.modalFields;
  return whole ? fields.slice(0, most.modalFields) : [...fields.slice(0, most.modalFields - 1), more];
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

function input(field: Field, value: string | true | undefined): APILabelComponent['component'] {
  const { name: custom_id, kind, required, choices = [], initial } = field;
  if (kind === 'flag') {
    const options = Object.entries(flag).map(([label, one]) => ({ label, value: one }));
    return picker(custom_id, false, options, value === true ? flag.yes : undefined);
  }
  if (kind === 'choice' && choices.length > 0 && choices.length <= most.choices) {
    const options = choices.map((one) => ({ label: clip(one, most.choice), value: clip(one, most.choice) }));
    return picker(custom_id, required, options, value ?? initial);
  }
  const max = Math.max(1, Math.min(field.max ?? most.input, most.input));
  const written = value === undefined || value === true ? initial : value;
  return {
    type: ComponentType.TextInput,
    custom_id,
    style: kind === 'long' ? TextInputStyle.Paragraph : TextInputStyle.Short,
    required,
    max_length: max,
    ...(written ? { value: clip(written, max) } : {}),
  };
}

function picker(
  custom_id: string,
  required: boolean,
  options: readonly { readonly label: string; readonly value: string }[],
  picked: string | true | undefined,
) {
  return {
    type: ComponentType.StringSelect as const,
    custom_id,
    required,
    options: options.map((one) => ({ ...one, default: one.value === picked })),
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
      if (picked === flag.yes) values[component.custom_id] = true;
      else if (picked !== undefined && picked !== flag.no) values[component.custom_id] = picked;
    }
  }
  return values;
}
