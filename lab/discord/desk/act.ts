import * as z from 'zod/mini';
import { type Person, personNamed } from '../people/person.ts';
import type { Shown } from '../people/shown.ts';
import type { World } from '../world.ts';

const values = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));

/** What the page can send: what a person does, by name. */
export const Act = z.discriminatedUnion('do', [
  z.object({ do: z.literal('type'), channel: z.string(), line: z.string() }),
  z.object({ do: z.literal('say'), channel: z.string(), text: z.string() }),
  z.object({ do: z.literal('press'), message: z.string(), button: z.string() }),
  z.object({ do: z.literal('pick'), message: z.string(), list: z.string(), values: z.array(z.string()) }),
  z.object({
    do: z.literal('fill'),
    values: z.record(z.string(), z.union([z.string(), z.boolean(), z.array(z.string())])),
  }),
  z.object({ do: z.literal('close') }),
  z.object({ do: z.literal('dismiss'), message: z.string() }),
  z.object({
    do: z.literal('suggest'),
    channel: z.string(),
    command: z.string(),
    option: z.string(),
    typed: z.string(),
    others: values,
  }),
]);

/** Does it, and answers what the page has to know: how it was answered, or what is suggested. */
export async function act(world: World, name: string, doing: z.infer<typeof Act>): Promise<unknown> {
  const person = personNamed(world, name);
  switch (doing.do) {
    case 'type':
      return brief(await person.type(doing.channel, doing.line));
    case 'say':
      return { id: person.say(doing.channel, doing.text).id };
    case 'press':
      return brief(await person.press(doing.message, doing.button));
    case 'pick':
      return brief(await person.pick(doing.message, doing.list, doing.values));
    case 'fill': {
      const modal = world.modals.get(person.id);
      return modal ? brief(await person.fill(modal, doing.values)) : {};
    }
    case 'close':
      world.modals.delete(person.id);
      world.changes.tell();
      return {};
    case 'dismiss':
      dismiss(world, person, doing.message);
      return {};
    case 'suggest':
      return (await person.suggest(doing.channel, doing.command, doing.option, doing.typed, doing.others)) ?? [];
  }
}

/** An ephemeral message goes away from its reader's screen. The bot hears nothing of it. */
function dismiss(world: World, person: Person, id: string): void {
  if (world.messages.get(id)?.onlyFor === person.id) world.messages.delete(id);
  world.changes.tell();
}

function brief({ what, text }: Shown): Pick<Shown, 'what' | 'text'> {
  return { what, text };
}
