import { makeLog } from '#base/log.ts';
import type { Lead } from '#chat/lead.ts';
import type { ChatListener, ChatPlatform, Filled, Invocation, Press, Wanted } from '#chat/platform.ts';
import { commands } from '#commands/table.ts';
import { type DiscordLab, type DiscordOptions as LabOptions, startDiscord as startLab } from '#lab/discord/start.ts';
import { type DiscordOptions, openDiscord } from './discord.ts';

/** Discord at the wire, the adapter connected to it, and a bot that only notes what it hears; what it does else is put in by the test. */
export interface TestDiscord extends AsyncDisposable {
  readonly lab: DiscordLab;
  readonly discord: ChatPlatform;
  readonly place: { platform: string; channel: string };
  readonly heard: { commands: Invocation[]; presses: Press[]; forms: Filled[]; wanted: Wanted[] };
  readonly does: { -readonly [Name in keyof ChatListener]?: ChatListener[Name] };
  readonly listener: ChatListener;
}

/** The only process leads at once. */
const alone: Lead = (_, act, until) => act(until);

export const outfit = { menu: commands, lead: alone, log: makeLog('discord', 'silent') };

export async function startDiscord(
  options: Partial<DiscordOptions> & { lab?: LabOptions; connect?: boolean } = {},
): Promise<TestDiscord> {
  const { lab: labOptions, connect = true, ...more } = options;
  const lab = await startLab({ rateLimits: false, ...labOptions });
  const discord = openDiscord({
    ...{ token: lab.token, guild: lab.guildId, apiUrl: lab.api },
    ...outfit,
    ...more,
  });
  const heard: TestDiscord['heard'] = { commands: [], presses: [], forms: [], wanted: [] };
  const does: TestDiscord['does'] = {};
  const listener: ChatListener = {
    async command(typed) {
      heard.commands.push(typed);
      return (await does.command?.(typed)) ?? 'public';
    },
    async press(press) {
      heard.presses.push(press);
      return (await does.press?.(press)) ?? 'private';
    },
    async submit(filled) {
      heard.forms.push(filled);
      return does.submit?.(filled);
    },
    async words(wanted) {
      heard.wanted.push(wanted);
      return (await does.words?.(wanted)) ?? [];
    },
    complete: async () => [],
    home: async () => ({ tone: 'info', fallback: 'Yours.', blocks: [] }),
  };
  if (connect) await discord.start(listener);
  return {
    ...{ lab, discord, heard, does, listener },
    place: { platform: 'discord', channel: lab.channel('ops') },
    async [Symbol.asyncDispose]() {
      await discord.stop();
      await lab[Symbol.asyncDispose]();
    },
  };
}
