import type { Modal } from '../interaction.ts';
import type { Component } from '../message.ts';
import { kinds } from '../rules/components.ts';
import { ClientRefusal } from './refusal.ts';

/** What a person fills in, by a field's label or custom id. Several values for a list. */
export type Filling = Readonly<Record<string, string | boolean | readonly string[]>>;

/** A field of a form as a person sees it. */
export interface FormField {
  readonly label: string;
  readonly description: string;
  readonly required: boolean;
  readonly component: Component;
}

/** The fields of a form, from the top. */
export function fieldsOf(modal: Modal): readonly FormField[] {
  return modal.components.flatMap((outer) => {
    const component = outer.component ?? outer.components?.[0];
    if (!component) return [];
    const label = String(outer.label ?? component.label ?? '');
    const description = String(outer.description ?? '');
    return [{ label, description, required: component.required !== false, component }];
  });
}

/** The `components` of a submit. What is not filled in keeps what stood there. Refuses what the client would not send. */
export function submitted(modal: Modal, filling: Filling): readonly unknown[] {
  const fields = fieldsOf(modal);
  const names = fields.flatMap(({ label, component }) => [label, component.custom_id ?? '']);
  const unknown = Object.keys(filling).find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new ClientRefusal(`The form has no field ${unknown}, but ${fields.map(({ label }) => label).join(', ')}.`);
  }
  return modal.components.map((outer) => {
    const field = fields.find(({ component }) => component === outer.component || component === outer.components?.[0]);
    if (!field) return { type: outer.type, id: outer.id };
    const value = filling[field.label] ?? filling[field.component.custom_id ?? ''];
    const sent = sentValue(field, value);
    return outer.component
      ? { type: outer.type, id: outer.id, component: sent }
      : { type: outer.type, id: outer.id, components: [sent] };
  });
}

function sentValue(field: FormField, given: string | boolean | readonly string[] | undefined): unknown {
  const { component } = field;
  const { type, id, custom_id } = component;
  const refuse = (why: string) => new ClientRefusal(`${field.label}: ${why}`);
  const base = { type, id, custom_id };
  if (type === kinds.textInput) {
    const value = given === undefined ? String(component.value ?? '') : String(given);
    if (field.required && value === '') throw refuse('This field is required.');
    const [least, most] = [Number(component.min_length ?? 0), Number(component.max_length ?? 4_000)];
    if (value !== '' && value.length < least) throw refuse(`Enter at least ${least} characters.`);
    if (value.length > most) throw refuse(`Enter at most ${most} characters.`);
    return { ...base, value };
  }
  if (type === kinds.checkbox)
    return { ...base, value: given === undefined ? component.default === true : given === true };

  const options = (component.options ?? []) as readonly { label: string; value: string; default?: boolean }[];
  const wanted = given === undefined ? options.filter((one) => one.default).map(({ value }) => value) : [given].flat();
  const values = wanted
    .filter((one) => one !== '')
    .map((one) => {
      const option = options.find(({ label, value }) => value === one || label === one);
      if (!option) throw refuse(`${one} is not one of ${options.map(({ label }) => label).join(', ')}.`);
      return option.value;
    });
  if (field.required && values.length === 0) throw refuse('This field is required.');
  if (type === kinds.radioGroup) return { ...base, value: values[0] ?? null };
  const most = Number(component.max_values ?? (type === kinds.checkboxGroup ? options.length : 1));
  if (values.length > most) throw refuse(`Pick at most ${most}.`);
  return { ...base, values };
}
