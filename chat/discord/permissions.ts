import { type APIGuildMember, type APIRole, PermissionFlagsBits, PermissionsBitField, Routes } from 'discord.js';
import type { Clock } from '#base/clock.ts';
import { sentence, UserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { notInServer } from './errors.ts';
import type { Rest } from './rest.ts';

/** What the bot's role must be allowed in the server, by the names that Discord shows. The link in `docs/discord.md` asks for the same. */
const needed = {
  'View Channels': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  'Attach Files': PermissionFlagsBits.AttachFiles,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
  'Create Public Threads': PermissionFlagsBits.CreatePublicThreads,
  'Send Messages in Threads': PermissionFlagsBits.SendMessagesInThreads,
} as const;

const everyMs = 5 * 60_000;

/** Looks at once and every 5 minutes which permissions the bot lacks in the server as a whole, and tells in a sentence; undefined when it has them all. Ends with the signal, and never rejects. */
export async function keepPermissions(
  { rest, guild, self, clock, log }: { rest: Rest; guild: string; self: string; clock: Clock; log: Log },
  tell: (lacks: string | undefined) => void,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const missing = await missingPermissions(rest, guild, self);
      if (!signal.aborted) tell(missing.length === 0 ? undefined : sentenceFor(missing));
    } catch (error) {
      log.debug({ reason: sentence(error) }, 'the permissions of the bot could not be read');
    }
    await clock.sleep(everyMs, signal).catch(() => undefined);
  }
}

/** Throws a `UserError` that names the permissions that the bot lacks in the server, or that it is not there. */
export async function requirePermissions(rest: Rest, guild: string, self: string): Promise<void> {
  const missing = await missingPermissions(rest, guild, self).catch((error: unknown) => {
    throw notInServer(error, guild) ?? error;
  });
  if (missing.length > 0) throw new UserError(sentenceFor(missing));
}

/** GET /guilds/{guild}/roles and /guilds/{guild}/members/{self}. What single channels forbid is another matter: there the bot is told so when it writes. */
async function missingPermissions(rest: Rest, guild: string, self: string): Promise<string[]> {
  const [roles, member] = await Promise.all([
    rest.get<APIRole[]>(Routes.guildRoles(guild)),
    rest.get<APIGuildMember>(Routes.guildMember(guild, self)),
  ]);
  const own = roles.filter(({ id }) => id === guild || member.roles.includes(id));
  const allowed = new PermissionsBitField(own.map(({ permissions }) => BigInt(permissions)));
  return Object.entries(needed).flatMap(([name, bit]) => (allowed.has(bit) ? [] : [name]));
}

const sentenceFor = (missing: readonly string[]) =>
  `The bot lacks ${missing.length === 1 ? 'the permission' : 'the permissions'} ${missing.join(', ')} in the server. ` +
  'Give them to its role under Server Settings, Roles, or open the invite link again (docs/discord.md, step 3).';
