import { type APIApplication, Routes } from 'discord.js';
import { asMistake } from './errors.ts';
import { requirePermissions } from './permissions.ts';
import { openRest } from './rest.ts';
import type { DiscordSettings } from './settings.ts';

/** Tries the token without a session. Answers what it is good for; throws a `UserError` that names what a person has to put right, or a `RemoteError`. */
export async function tryOutDiscord({ token, apiUrl, guild }: DiscordSettings): Promise<string> {
  const rest = openRest({ token, apiUrl });
  try {
    const { id, name, bot } = await rest.get<APIApplication>(Routes.currentApplication());
    const who = `the bot is ${bot?.username ?? name}`;
    if (guild === undefined) return `${who}; its commands are for all servers, and no roles count`;
    await requirePermissions(rest, guild, bot?.id ?? id);
    return `${who}, and has its permissions in the server ${guild}`;
  } catch (error) {
    throw asMistake(error) ?? error;
  } finally {
    rest.close();
  }
}
