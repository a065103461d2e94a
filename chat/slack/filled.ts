import { z } from 'zod';
import type { Filled, Place } from '#chat/platform.ts';

const Origin = z.object({
  token: z.string(),
  place: z.object({ platform: z.literal('slack'), channel: z.string(), thread: z.string().optional() }),
});

/** Where a modal was asked for, and its form's token: what {@link formView} gave it to keep. */
export function originOf(metadata: string | undefined): { token: string; place: Place } {
  const { token, place } = Origin.parse(JSON.parse(metadata ?? '{}'));
  const { thread, ...where } = place;
  return { token, place: thread === undefined ? where : { ...where, thread } };
}

type State = Readonly<Record<string, Readonly<Record<string, Value>>>>;

interface Value {
  readonly value?: string | null;
  readonly selected_option?: { readonly value?: string } | null;
  readonly selected_options?: readonly { readonly value?: string }[] | null;
}

/** What was put into a modal, by field; what was left empty is left out. */
export function valuesIn(state: State): Filled['values'] {
  const values: Record<string, string | true> = {};
  for (const [block, elements] of Object.entries(state)) {
    for (const { value, selected_option, selected_options } of Object.values(elements)) {
      for (const flag of selected_options ?? []) if (flag.value) values[flag.value] = true;
      const given = value ?? selected_option?.value;
      if (given) values[block.replace(/^field\./, '')] = given;
    }
  }
  return values;
}
