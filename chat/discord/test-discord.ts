import assert from 'node:assert/strict';
import { systemClock } from '#base/clock.ts';
import { makeLog } from '#base/log.ts';
import type { Lead } from '#chat/lead.ts';
import type { ChatListener, ChatPlatform, Filled, Invocation, Place, Press, Wanted } from '#chat/platform.ts';
import { commands } from '#commands/table.ts';
import { type DiscordLab, type DiscordOptions as LabOptions, startDiscord as startLab } from '#lab/discord/start.ts';
import { type DiscordOptions, openDiscord } from './discord.ts';

/** Discord at the wire, the adapter connected to it, and a bot that only notes what it hears; what it does else is put in by the test. */
export interface TestDiscord extends AsyncDisposable {
  readonly lab: DiscordLab;
  readonly discord: ChatPlatform;
  /** The channel ops. */
  readonly place: Place;
  readonly heard: Heard;
  readonly does: { -readonly [Name in keyof ChatListener]?: ChatListener[Name] };
  readonly listener: ChatListener;
}

export interface Heard {
  readonly commands: Invocation[];
  readonly presses: Press[];
  readonly forms: Filled[];
  readonly wanted: Wanted[];
}

export interface TestOptions extends Partial<DiscordOptions> {
  readonly lab?: LabOptions;
  /** False: the test starts it. */
  readonly connect?: boolean;
  /** How many times faster than usual the adapter waits before it tries something again. */
  readonly haste?: number;
}

/** The only process leads at once. */
const alone: Lead = (_, act, until) => act(until);

/** The adapter as the bot would open it, in the lab's time. */
export function openIn(
  lab: DiscordLab,
  { haste = 1, ...more }: Omit<TestOptions, 'lab' | 'connect'> = {},
): ChatPlatform {
  return openDiscord({
    ...{ token: lab.token, guild: lab.guildId, apiUrl: lab.api, menu: commands, lead: alone },
    log: makeLog('discord', 'silent'),
    clock: {
      now: () => lab.world.clock.now(),
      sleep: (ms, signal) => systemClock.sleep(ms / haste, signal),
    },
    ...more,
  });
}

/** When it is over, nothing may have been sent that Discord's own schema refuses. */
export async function startDiscord({
  lab: labOptions,
  connect = true,
  ...more
}: TestOptions = {}): Promise<TestDiscord> {
  const lab = await startLab({ rateLimits: false, ...labOptions });
  const discord = openIn(lab, more);
  const does: TestDiscord['does'] = {};
  const heard: Heard = { commands: [], presses: [], forms: [], wanted: [] };
  const listener = noting(heard, does);
  if (connect) await discord.start(listener);
  return {
    ...{ lab, discord, heard, does, listener },
    place: { platform: 'discord', channel: lab.channel('ops') },
    async [Symbol.asyncDispose]() {
      await discord.stop();
      await lab[Symbol.asyncDispose]();
      assert.deepEqual(lab.violations, []);
    },
  };
}

export function noting(heard: Heard, does: TestDiscord['does'] = {}): ChatListener {
  return {
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
}
