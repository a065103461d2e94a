import type { Modal } from '#lab/discord/interaction.ts';
import { fieldsOf } from '#lab/discord/people/forms.ts';
import { buttonsOf, textOf } from '#lab/discord/people/look.ts';
import type { Shown } from '#lab/discord/people/shown.ts';
import type { DiscordLab } from '#lab/discord/start.ts';
import type { Actor, Values } from './stage.ts';

/** Somebody at Discord's client. */
export function discordActor(lab: DiscordLab, name: string): Actor {
  const person = lab.user(name);
  let modal: Modal | undefined;
  let complaint = '';
  const saw = ({ modal: opened }: Shown) => {
    modal = opened ?? modal;
  };
  return {
    account: `discord:${person.id}`,
    run: async (command, values = {}) => saw(await person.run('ops', command, values)),
    async press({ id }, label, sure = true) {
      const shown = await person.press(id, label);
      saw(shown);
      const { message: asked, ephemeral } = shown;
      const asks = asked && ephemeral && buttonsOf(asked).some((one) => one.label === label);
      if (asks && sure) saw(await person.press(asked, label));
    },
    async fill(values) {
      if (!modal) throw new Error('no form is open');
      const { message, text } = await person.fill(modal, filling(modal, values));
      const again = message && buttonsOf(message).find(({ label }) => label === 'Open the form again');
      modal = undefined;
      if (!again) return;
      complaint = text;
      saw(await person.press(message, 'Open the form again'));
    },
    formOpen: () => modal !== undefined,
    complaint: () => complaint,
    // Discord offers nothing in forms, but in a command's options.
    words: async (field, typed) =>
      ((await person.suggest('ops', 'vm create', field, typed)) ?? []).map(({ value }) => String(value)),
    home: undefined,
    whispers: () => lab.ephemerals(name).map(textOf),
    direct: () => lab.dms(name).map(textOf),
  };
}

function filling(modal: Modal, values: Values): Record<string, string> {
  const known = new Set(fieldsOf(modal).map(({ component }) => component.custom_id));
  const wanted = Object.entries(values).filter(([name]) => known.has(name));
  return Object.fromEntries(wanted.map(([name, value]) => [name, value === true ? 'yes' : String(value)]));
}
