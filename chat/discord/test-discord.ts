import assert from 'node:assert/strict';
import { systemClock } from '#base/clock.ts';
import { makeLog } from '#base/log.ts';
import type { Lead } from '#chat/lead.ts';
import { type Notes, takeNotes } from '#chat/notes-for-tests.ts';
import type { ChatPlatform, Place } from '#chat/platform.ts';
import { commands } from '#commands/table.ts';
import { type DiscordLab, type DiscordOptions as LabOptions, startDiscord as startLab } from '#lab/discord/start.ts';
import { type DiscordOptions, openDiscord } from './discord.ts';

/** Discord at the wire, the adapter connected to it, and a bot that only notes what it hears; what it does else is put in by the test. */
export interface TestDiscord extends Notes, AsyncDisposable {
  readonly lab: DiscordLab;
  readonly discord: ChatPlatform;
  /** The channel ops. */
  readonly place: Place;
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
  const { heard, does, listener } = takeNotes();
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
