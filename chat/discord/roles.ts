import { type APIGuildMember, type APIRole, Routes } from 'discord.js';
import type { Clock } from '#base/clock.ts';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Rest } from './rest.ts';

const keptMs = 5 * 60_000;

/** Which roles there are and who has them. What is known is five minutes old at most, unless Discord can't be asked. */
export interface Roles {
  /** Names as rules know them, `discord:Ops`, with the ids of the roles. Those of all servers the bot was heard in. */
  readonly ids: ReadonlyMap<string, string>;
  /** The names of these roles of a server. */
  named(guild: string, roles: readonly string[]): Promise<readonly string[]>;
  /** The names of a member's roles. */
  of(guild: string, user: string): Promise<readonly string[]>;
  /** Somebody changed a role, or gave one. */
  forget(guild: string): void;
}

export function openRoles({ rest, clock, log }: { rest: Rest; clock: Clock; log: Log }): Roles {
  const guilds = new Map<string, { readonly at: number; readonly names: ReadonlyMap<string, string> }>();
  const members = new Map<string, { readonly at: number; readonly roles: readonly string[] }>();
  const ids = new Map<string, string>();

  async function rolesIn(guild: string): Promise<ReadonlyMap<string, string>> {
    const known = guilds.get(guild);
    if (known && clock.now() - known.at < keptMs) return known.names;
    try {
      const roles = await rest.get<APIRole[]>(Routes.guildRoles(guild));
      // Everybody has the role that is called after the server itself.
      const names = new Map(roles.filter(({ id }) => id !== guild).map(({ id, name }) => [id, `discord:${name}`]));
      guilds.set(guild, { at: clock.now(), names });
      for (const [id, name] of names) ids.set(name, id);
      return names;
    } catch (error) {
      log.warn({ guild, reason: sentence(error) }, 'the roles of a server could not be read');
      return known?.names ?? new Map();
    }
  }

  async function named(guild: string, roles: readonly string[]): Promise<readonly string[]> {
    const names = await rolesIn(guild);
    return roles.flatMap((role) => names.get(role) ?? []);
  }

  return {
    ids,
    named,
    async of(guild, user) {
      const key = `${guild}:${user}`;
      const known = members.get(key);
      if (known && clock.now() - known.at < keptMs) return named(guild, known.roles);
      const { roles } = await rest.get<APIGuildMember>(Routes.guildMember(guild, user));
      members.set(key, { at: clock.now(), roles });
      return named(guild, roles);
    },
    forget(guild) {
      guilds.delete(guild);
      for (const key of members.keys()) if (key.startsWith(`${guild}:`)) members.delete(key);
    },
  };
}
