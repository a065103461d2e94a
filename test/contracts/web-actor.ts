import { randomUUID } from 'node:crypto';
import type { Form } from '#chat/form.ts';
import { writeLine } from '#chat/menu.ts';
import { commands } from '#commands/table.ts';
import { type ConsoleUser, textOf } from '../console.ts';
import type { Actor, Values } from './stage.ts';
import { textIn } from './web-reader.ts';

interface Seat {
  /** The channel, and their own. */
  readonly channel: ConsoleUser;
  readonly direct: ConsoleUser;
  /** Whether what they do next is sent twice. */
  readonly twice: { next: boolean };
}

/** Somebody at the console's page. */
export function webActor(person: string, { channel, direct, twice }: Seat): Actor {
  /** What the page itself shows them. */
  const told: string[] = [];
  let form: Form | undefined;
  let filled: Values = {};
  let complaint = '';

  async function send(act: (id: string) => Promise<Response>): Promise<Response> {
    const id = randomUUID();
    const response = await act(id);
    if (twice.next) await act(id);
    twice.next = false;
    const said = (await response.clone().json()) as { form?: Form; error?: { message: string } };
    if (said.form) [form, filled, complaint] = [said.form, {}, ''];
    if (said.error) told.push(said.error.message);
    return response;
  }

  return {
    account: person,
    async run(command, values = {}) {
      const item = commands.find(({ path }) => path === command);
      if (!item) throw new Error(`there is no /${command}`);
      const line = writeLine(item, values);
      const { ok } = await send((id) => channel.type(line, id));
      // The page leaves a line that was refused where it was typed.
      if (!ok) told.push(line);
    },
    async press({ id: message }, label, sure = true) {
      const { card } = await found(channel, message, label);
      const asks = card.some((action) => action.label === label && 'confirm' in action && action.confirm !== undefined);
      // The page itself asks.
      if (asks && !sure) return;
      await send((id) => channel.press(label, id, message));
    },
    async fill(values) {
      filled = { ...filled, ...values };
      const given = Object.entries(filled).map(([name, value]) => [name, value === true ? true : String(value)]);
      const response = await send((id) => channel.fill(Object.fromEntries(given), id));
      const { complaints } = (await response.json()) as { complaints?: Record<string, string> };
      complaint = Object.values(complaints ?? {}).join('\n');
      if (response.ok) form = undefined;
    },
    formOpen: () => form !== undefined,
    complaint: () => complaint,
    words: (field, typed) => channel.words(field, typed),
    home: async () => textOf(await channel.home()),
    whispers: () => [...told, ...own(channel, person)],
    direct: () => own(direct, person),
  };
}

/** What is for this person alone. */
function own({ messages }: ConsoleUser, person: string): string[] {
  return [...messages.values()].filter(({ to }) => to === person).map(textIn);
}

/** The buttons of a message, once this one is there. */
async function found(user: ConsoleUser, message: string, label: string) {
  const escaped = label.replace(/[^\w ]/g, '\\$&');
  await user.until(new RegExp(`<${escaped}>`));
  const content = user.messages.get(message)?.content;
  const blocks = content?.kind === 'card' ? content.card.blocks : [];
  return { card: blocks.flatMap((block) => (block.kind === 'actions' ? block.actions : [])) };
}
