import type { Block } from '../message.ts';
import type { View } from '../view.ts';
import { ClientRefusal } from './refusal.ts';

/** An input of a modal. */
export interface Field {
  readonly blockId: string;
  readonly actionId: string;
  readonly label: string;
  readonly optional: boolean;
  readonly element: Block;
}

/** What a person puts in: words, the text or value of an option, several of them, or nothing. */
export type Put = string | number | boolean | readonly string[] | null;

/** What Slack knows of an element's value; `{type, value}`, `{type, selected_option}`. */
export type Entry = Readonly<Record<string, unknown>>;

interface Choice {
  readonly text: { readonly text: string };
  readonly value: string;
}

/** Its inputs, from the top. */
export function fieldsOf({ blocks }: View): readonly Field[] {
  return blocks.flatMap((block) => {
    if (block.type !== 'input') return [];
    const {
      block_id: blockId = '',
      label,
      optional = false,
      element,
    } = block as Block & { element: Block; label: { text: string }; optional?: boolean };
    return [{ blockId, actionId: element.action_id ?? '', label: label.text, optional, element }];
  });
}

/** By label, block id or action id. */
export function fieldNamed(view: View, name: string): Field {
  const fields = fieldsOf(view);
  const same = (one: string) => one === name || one.toLowerCase() === name.toLowerCase() || one === `field.${name}`;
  const found = fields.find(({ label, blockId, actionId }) => same(label) || same(blockId) || actionId === name);
  if (found) return found;
  throw new ClientRefusal(`The form has no field "${name}". It has: ${fields.map(({ label }) => label).join(', ')}.`);
}

/** What Slack sends for a field that nobody has touched. */
export function untouched({ element: e }: Field): Entry {
  const { type } = e;
  if (type === 'checkboxes' || type.startsWith('multi_')) {
    const [what] = /users|conversations|channels/.exec(type) ?? ['options'];
    return { type, [`selected_${what}`]: e[`initial_${what}`] ?? [] };
  }
  if (/select$|^radio/.test(type)) {
    const [what] = /user|conversation|channel/.exec(type) ?? ['option'];
    return { type, [`selected_${what}`]: e[`initial_${what}`] ?? null };
  }
  if (type === 'datepicker') return { type, selected_date: e.initial_date ?? null };
  if (type === 'timepicker') return { type, selected_time: e.initial_time ?? null };
  return { type, value: e.initial_value ?? null };
}

/** What Slack sends for a field with this in it. `offered` are the options of a list, its own or what the app answered. */
export function filled(field: Field, put: Put, offered: readonly Choice[]): Entry {
  const { element, label } = field;
  const { type } = element;
  const empty = untouched({ ...field, element: { type } });
  const [key = 'value'] = Object.keys(empty).filter((one) => one !== 'type');
  if (put === null) return empty;
  if (key === 'value' || !key.startsWith('selected_option'))
    return { type, [key]: key === 'value' ? words(field, String(put)) : put };
  const pick = (wanted: string) => {
    const found = offered.find(({ value, text }) => value === wanted || text.text === wanted);
    if (found) return found;
    throw new ClientRefusal(
      `${wanted} is not offered for "${label}". There is: ${offered.map(({ text }) => text.text).join(', ') || 'nothing'}.`,
    );
  };
  if (key === 'selected_option') return { type, selected_option: pick(String(put)) };
  if (typeof put === 'boolean') return { type, selected_options: put ? offered : [] };
  return { type, selected_options: (Array.isArray(put) ? put : [String(put)]).map((one) => pick(String(one))) };
}

/** Slack's client lets nobody type more than fits. */
function words({ element, label }: Field, put: string): string {
  const most = Number(element.max_length ?? 3_000);
  if (put.length > most) throw new ClientRefusal(`"${label}" takes ${most} characters.`);
  return put;
}

/** Whether there is anything in it. */
export function isEmpty(entry: Entry): boolean {
  const [value] = Object.entries(entry).flatMap(([key, one]) => (key === 'type' ? [] : [one]));
  return value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
