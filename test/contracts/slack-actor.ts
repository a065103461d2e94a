import { writeLine } from '#chat/menu.ts';
import type { MessageRef } from '#chat/platform.ts';
import { commands } from '#commands/table.ts';
import type { Message } from '#lab/slack/message.ts';
import type { SlackLab } from '#lab/slack/start.ts';
import type { Actor, Values } from './stage.ts';

/** Somebody at Slack's client. */
export function slackActor(lab: SlackLab, name: string, find: (ref: MessageRef) => Message): Actor {
  const person = lab.user(name);
  /** What came with acknowledgements. */
  const told: string[] = [];
  let complaint = '';
  const view = () => lab.views(name).at(-1);
  return {
    account: `slack:${lab.teamId}:${person.id}`,
    async run(command, values = {}) {
      const item = commands.find(({ path }) => path === command);
      if (!item) throw new Error(`there is no /${command}`);
      const { text } = await person.type('ops', writeLine(item, values));
      told.push(text);
    },
    press: async (ref, label, sure = true) => void (await person.press(find(ref), label, { sure })),
    async fill(values) {
      const open = await lab.until(view, 'the form');
      complaint = (await person.submit(open, filling(values))).text;
    },
    formOpen: () => view() !== undefined,
    complaint: () => complaint,
    async words(field, typed) {
      const open = await lab.until(view, 'the form');
      return (await person.suggest(open, field, typed)).map(({ value }) => String(value));
    },
    async home() {
      person.openHome();
      return lab.textOf(await lab.until(() => lab.home(name), 'the home tab'));
    },
    whispers: () => [...told, ...lab.ephemerals(name).map(lab.textOf)],
    direct: () => lab.dms(name).map(lab.textOf),
  };
}

/** By the labels that people see; flags are one list of boxes. */
function filling(values: Values): Record<string, string | string[]> {
  const label = (field: string) => field.charAt(0).toUpperCase() + field.slice(1);
  const flags = Object.keys(values).filter((field) => values[field] === true);
  const others = Object.entries(values).filter(([, value]) => typeof value !== 'boolean');
  return {
    ...Object.fromEntries(others.map(([field, value]) => [label(field), String(value)])),
    ...(flags.length > 0 ? { Options: flags } : {}),
  };
}
