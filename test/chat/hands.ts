import { findCommand } from '#commands/find.ts';
import { commands } from '#commands/table.ts';
import type { Message as DiscordMessage } from '#lab/discord/message.ts';
import { buttonsOf, textOf as discordText } from '#lab/discord/people/look.ts';
import type { Message as SlackMessage } from '#lab/slack/message.ts';
import type { ChatSetting } from './setting.ts';

export type Who = 'ana' | 'ben' | 'cleo';

/** A message as somebody sees it, now. */
export interface Seen {
  readonly text: string;
  /** Presses a button, and says yes where that is asked back. */
  press(who: Who, label: string): Promise<void>;
  /** What stands in its thread. */
  thread(): readonly string[];
  /** Says something to the bot in its thread: `cancel`. On Discord the job that is offered first is taken. */
  say(who: Who, words: string): Promise<void>;
}

export interface TextFile {
  readonly name: string;
  readonly text: string;
}

/** People's hands on one platform, in words that both share. */
export interface Hands {
  readonly name: 'slack' | 'discord';
  /** Types a line as it stands in the docs; on Discord its words are picked as options. */
  type(who: Who, line: string, channel?: string): Promise<void>;
  /** The first message in a channel that says this, now or soon. */
  card(pattern: RegExp, channel?: string): Promise<Seen>;
  /** What only this person sees of it. */
  aside(who: Who, pattern: RegExp): Promise<Seen>;
  /** The same among the direct messages of a person and the bot. */
  direct(who: Who, pattern: RegExp): Promise<Seen>;
  /** Fills in and sends the form that stands before them. */
  send(who: Who, values: Readonly<Record<string, string>>): Promise<void>;
  /** All files that were brought to anybody. */
  files(): readonly TextFile[];
  /** Resolves when it holds, looked at after each change. */
  until(look: () => boolean, what: string, withinMs?: number): Promise<unknown>;
  /** How many messages in a channel, threads left out, say this. */
  count(pattern: RegExp, channel?: string): number;
}

const withinMs = 8000;

export function handsOn(platform: Hands['name'], chat: ChatSetting): Hands {
  return platform === 'slack' ? onSlack(chat) : onDiscord(chat);
}

function onSlack({ slack }: ChatSetting): Hands {
  const seen = (message: SlackMessage): Seen => ({
    get text() {
      return slack.textOf(message);
    },
    press: async (who, label) => void (await slack.user(who).press(message, label)),
    thread: () => slack.thread(message).map(slack.textOf),
    say: async (who, words) => void slack.user(who).say(message.channel, `@botswain ${words}`, { thread: message.ts }),
  });
  const find = async (look: () => readonly SlackMessage[], pattern: RegExp) =>
    seen(await slack.until(() => look().find((one) => pattern.test(slack.textOf(one))), String(pattern), withinMs));
  return {
    name: 'slack',
    type: async (who, line, channel = 'ops') => void (await slack.user(who).type(channel, line)),
    card: (pattern, channel = 'ops') => find(() => slack.messages(channel), pattern),
    aside: (who, pattern) => find(() => slack.ephemerals(who), pattern),
    direct: (who, pattern) => find(() => slack.dms(who), pattern),
    async send(who, values) {
      const view = await slack.until(() => slack.views(who).at(-1), 'a form');
      await slack.user(who).submit(view, values);
    },
    files: () => slack.files(),
    until: (look, what, ms = withinMs) => slack.until(look, what, ms),
    count: (pattern, channel = 'ops') =>
      slack.messages(channel).filter((one) => pattern.test(slack.textOf(one))).length,
  };
}

function onDiscord({ discord }: ChatSetting): Hands {
  const names = new Map([...discord.world.users.values()].map(({ id, shown }) => [id, shown]));
  /** As it looks, without what makes it look so. */
  const textOf = (message: DiscordMessage) =>
    discordText(message)
      .replace(/\*\*|`/g, '')
      .replace(/\\(.)/g, '$1')
      .replace(/<@(\d+)>/g, (_, id) => `@${names.get(id)}`);
  const seen = (message: DiscordMessage): Seen => ({
    get text() {
      return textOf(message);
    },
    async press(who, label) {
      const { message: asked, ephemeral } = await discord.user(who).press(message, label);
      if (asked && ephemeral && buttonsOf(asked).some((button) => button.label === label)) {
        await discord.user(who).press(asked, label);
      }
    },
    thread: () => (discord.thread(message.id)?.messages ?? []).map(textOf),
    async say(who, words) {
      await discord.until(() => discord.thread(message.id), 'the thread');
      const [offered] = (await discord.user(who).suggest(message.id, `job ${words}`, 'job', '')) ?? [];
      await discord.user(who).type(message.id, `/job ${words} job:${offered?.value}`);
    },
  });
  const find = async (look: () => readonly DiscordMessage[], pattern: RegExp) =>
    seen(await discord.until(() => look().find((one) => pattern.test(textOf(one))), String(pattern), withinMs));
  return {
    name: 'discord',
    type: async (who, line, channel = 'ops') => void (await discord.user(who).type(channel, asPicked(line))),
    card: (pattern, channel = 'ops') => find(() => discord.messages(channel), pattern),
    aside: (who, pattern) => find(() => discord.ephemerals(who), pattern),
    direct: (who, pattern) => find(() => discord.dms(who), pattern),
    async send(who, values) {
      const modal = await discord.until(() => discord.modals(who)[0], 'a form');
      await discord.user(who).fill(modal, values);
    },
    files: () =>
      [...discord.world.messages.values()].flatMap(({ attachments }) =>
        attachments.map(({ filename, bytes }) => ({ name: filename, text: bytes.toString('utf8') })),
      ),
    until: (look, what, ms = withinMs) => discord.until(look, what, ms),
    count: (pattern, channel = 'ops') => discord.messages(channel).filter((one) => pattern.test(textOf(one))).length,
  };
}

/** `/vm create k8s-dev small --keep` → `/vm create name:k8s-dev size:small keep:true` */
function asPicked(line: string): string {
  const { command, words } = findCommand(commands, line);
  const places = Object.entries(command.args).flatMap(([name, arg]) => (arg.positional ? [name] : []));
  const picked = words.map((word) => {
    const [, flag, value = 'true'] = /^--([^=]+)(?:=(.*))?$/.exec(word) ?? [];
    return flag === undefined ? `${places.shift()}:${word}` : `${flag}:${value}`;
  });
  return [`/${command.path}`, ...picked].join(' ');
}
