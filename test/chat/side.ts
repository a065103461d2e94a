import { textOf as discordText } from '#lab/discord/people/look.ts';
import type { ChatSetting } from './setting.ts';

/** One platform as the two people use it, in the words that all platforms share. */
export interface Side {
  readonly name: 'slack' | 'discord';
  /** Ana types in `ops`; whether the platform showed her that it arrived. */
  create(vm: string): Promise<boolean>;
  /** Ana types a line that is answered to her alone. */
  read(line: '/vm list' | '/template list'): Promise<boolean>;
  /** Ana asks to destroy it; resolves with how Ben says yes, once the question stands there. */
  ask(vm: string): Promise<() => Promise<boolean>>;
  /** The texts that everybody in `ops` sees. */
  texts(): readonly string[];
  /** The texts that only Ana sees. */
  whispers(): readonly string[];
  /** The names of all files that were brought. */
  files(): readonly string[];
  /** Resolves when it holds, looked at after each change. */
  until(look: () => boolean, what: string, withinMs: number): Promise<unknown>;
}

/** Ana and Ben on the emulated Slack. */
export function onSlack({ slack, onSlack: says }: ChatSetting): Side {
  const [ana, ben] = [slack.user('ana'), slack.user('ben')];
  const told: string[] = [];
  return {
    name: 'slack',
    create: async (vm) => (await ana.type('ops', `/vm create ${vm} small`)).ok,
    async read(line) {
      const shown = await ana.type('ops', line);
      if (shown.ok && shown.text) told.push(shown.text);
      return shown.ok;
    },
    async ask(vm) {
      await ana.type('ops', `/vm destroy ${vm}`);
      const question = await says(/Approve\?/);
      return async () => (await ben.press(question, 'Approve')).ok;
    },
    texts: () => slack.messages('ops').map(slack.textOf),
    whispers: () => [...told, ...slack.ephemerals('ana').map(slack.textOf)],
    files: () => slack.files().map(({ name }) => name),
    until: (look, what, withinMs) => slack.until(look, what, withinMs),
  };
}

/** Ana and Ben on the emulated Discord. */
export function onDiscord({ discord, onDiscord: says }: ChatSetting): Side {
  const [ana, ben] = [discord.user('ana'), discord.user('ben')];
  return {
    name: 'discord',
    create: async (vm) => (await ana.type('ops', `/vm create name:${vm} size:small`)).what !== 'failed',
    read: async (line) => (await ana.type('ops', line)).what !== 'failed',
    async ask(vm) {
      await ana.type('ops', `/vm destroy vm:${vm}`);
      const question = await says(/Approve\?/);
      const { message } = await ben.press(question, 'Approve');
      if (!message) throw new Error('Discord did not ask Ben whether he is sure.');
      return async () => (await ben.press(message, 'Approve')).what !== 'failed';
    },
    texts: () => discord.messages('ops').map(discordText),
    // What comes after Discord has forgotten who asked, or from another gateway, comes as a direct message.
    whispers: () => [...discord.ephemerals('ana'), ...discord.dms('ana')].map(discordText),
    files: () =>
      [...discord.world.messages.values()].flatMap(({ attachments }) => attachments.map(({ filename }) => filename)),
    until: (look, what, withinMs) => discord.until(look, what, withinMs),
  };
}
