import type { Component } from '../message.ts';
import { kinds } from './components.ts';

/** Components as Discord gives them back: numbered, with every default written out. */
export function fillIn(components: readonly unknown[]): readonly Component[] {
  let next = 0;
  const fill = (given: Component): Component => {
    if (!given.id) next += 1;
    const id = given.id || next;
    const whole: Component = { ...defaultsOf(given), ...withoutNulls(given), id };
    return {
      ...whole,
      ...(given.components ? { components: given.components.map(fill) } : {}),
      ...(given.accessory ? { accessory: fill(given.accessory) } : {}),
      ...(given.component ? { component: fill(given.component) } : {}),
    };
  };
  return components.map((component) => fill(component as Component));
}

function defaultsOf({ type }: Component): Readonly<Record<string, unknown>> {
  switch (type) {
    case kinds.container:
      return { accent_color: null, spoiler: false };
    case kinds.separator:
      return { divider: true, spacing: 1 };
    case kinds.stringSelect:
      return { min_values: 1, max_values: 1 };
    case kinds.textInput:
      return { label: null, min_length: null, max_length: null, required: true };
    default:
      return {};
  }
}

function withoutNulls(given: Component): Component {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null)) as unknown as Component;
}
