import { makeLog } from '#base/log.ts';
import { openDiscord } from '#chat/discord/discord.ts';
import type { MessageRef } from '#chat/platform.ts';
import { commands } from '#commands/table.ts';
import type { Modal } from '#lab/discord/interaction.ts';
import { fieldsOf } from '#lab/discord/people/forms.ts';
import { buttonsOf, textOf } from '#lab/discord/people/look.ts';
import type { Shown } from '#lab/discord/people/shown.ts';
import { type DiscordLab, startDiscord } from '#lab/discord/start.ts';
import { platformContract } from './platform.ts';
import { type Actor, type Stage, takeNotes, type Values } from './stage.ts';

platformContract('Discord', startStage);

async function startStage(): Promise<Stage> {
  const lab = await startDiscord({ rateLimits: false });
  const { token, guildId: guild, api: apiUrl } = lab;
  const log = makeLog('discord', 'silent');
  const platform = openDiscord({ token, guild, apiUrl, menu: commands, lead: (_, act, until) => act(until), log });
  const notes = takeNotes();
  await platform.start(notes.listener);
  const place = { platform: 'discord', channel: lab.channel('ops') };
  return {
    ...notes,
    ...{ platform, place },
    ana: actor(lab, 'ana'),
    ben: actor(lab, 'ben'),
    benIn: ['discord:ops', 'discord:platform'],
    messages: () => lab.messages('ops').map(textOf),
    thread: ({ id }) => lab.thread(id)?.messages.map(textOf) ?? [],
    files: ({ id }) => lab.world.messages.get(id)?.attachments.map(({ filename }) => filename) ?? [],
    until: async (look, what) => void (await lab.until(look, what)),
    loseNextAnswer: () => void lab.faults.push({ on: 'rest', method: 'POST', path: '/messages', mode: 'drop-after' }),
    remove: ({ id }: MessageRef) => lab.deleteMessage(id),
    deliverTwice: () => void lab.faults.push({ on: 'gateway', mode: 'twice' }),
    violations: () => lab.violations,
    async [Symbol.asyncDispose]() {
      await platform.stop();
      await lab[Symbol.asyncDispose]();
    },
  };
}

function actor(lab: DiscordLab, name: string): Actor {
  const person = lab.user(name);
  let modal: Modal | undefined;
  const saw = ({ modal: opened }: Shown) => {
    modal = opened ?? modal;
  };
  return {
    account: `discord:${person.id}`,
    run: async (command, values = {}) => saw(await person.run('ops', command, values)),
    async press(ref, label) {
      const shown = await person.press(ref.id, label);
      saw(shown);
      const asked = shown.message;
      if (shown.ephemeral && asked && buttonsOf(asked).some((one) => one.label === label))
        saw(await person.press(asked, label));
    },
    async fill(values) {
      if (!modal) throw new Error('no form is open');
      const shown = await person.fill(modal, filling(modal, values));
      const again = shown.message && buttonsOf(shown.message).find(({ label }) => label === 'Open the form again');
      if (shown.message && again) saw(await person.press(shown.message, 'Open the form again'));
    },
    formOpen: () => modal !== undefined,
    words: async (field, typed) =>
      ((await person.suggest('ops', 'vm create', field, typed)) ?? []).map(({ value }) => String(value)),
    whispers: () => lab.ephemerals(name).map(textOf),
    direct: () => lab.dms(name).map(textOf),
  };
}

function filling(modal: Modal, values: Values): Record<string, string> {
  const known = new Set(fieldsOf(modal).map(({ component }) => component.custom_id));
  const wanted = Object.entries(values).filter(([name]) => known.has(name));
  return Object.fromEntries(wanted.map(([name, value]) => [name, value === true ? 'yes' : String(value)]));
}
