import { type APIGuildMember, type APIRole, Routes } from 'discord.js';
import type { Clock } from '#base/clock.ts';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { codeOf } from './errors.ts';
import type { Rest } from './rest.ts';

const keptMs = 5 * 60_000;
const unknownMember = 10007;
const unknownUser = 10013;

/**
 * The roles of the one server whose members use the bot, and who has them. Roles of other servers count for nothing: everybody may make a server, and a role there
 * that is called like one here.
 */
export interface Roles {
  /** Reads the roles if what is known is old. Never rejects. */
  ready(): Promise<void>;
  /** Ids by the names that rules know: `discord:Ops`. */
  readonly ids: ReadonlyMap<string, string>;
  /** The names of these roles. */
  named(roles: readonly string[]): Promise<readonly string[]>;
  /** The names of a member's roles; undefined for somebody who is no member of the server. */
  of(user: string): Promise<readonly string[] | undefined>;
  /** Discord said which roles a member has. */
  saw(user: string, roles: readonly string[]): void;
  /** Discord said which roles there are in a server, that there is a new one or a changed one, or that one is gone. */
  learn(guild: string, roles: readonly Pick<APIRole, 'id' | 'name'>[]): void;
  put(guild: string, role: Pick<APIRole, 'id' | 'name'>): void;
  drop(guild: string, role: string): void;
}

export function openRoles({
  rest,
  guild,
  clock,
  log,
}: {
  rest: Rest;
  guild: string | undefined;
  clock: Clock;
  log: Log;
}): Roles {
  const names = new Map<string, string>();
  const ids = new Map<string, string>();
  const members = new Map<string, { readonly at: number; readonly roles: readonly string[] | undefined }>();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  function put(of: string, { id, name }: Pick<APIRole, 'id' | 'name'>): void {
    if (of !== guild) return;
    drop(of, id);
    // Everybody has the role that is called after the server itself; and a number would be taken for the account of somebody.
    if (id === guild || /^\d+$/.test(name)) return;
    names.set(id, `discord:${name}`);
    ids.set(`discord:${name}`, id);
  }

  function drop(of: string, id: string): void {
    const name = of === guild ? names.get(id) : undefined;
    if (name === undefined) return;
    names.delete(id);
    if (ids.get(name) === id) ids.delete(name);
  }

  function learn(of: string, roles: readonly Pick<APIRole, 'id' | 'name'>[]): void {
    if (of !== guild) return;
    names.clear();
    ids.clear();
    for (const role of roles) put(of, role);
    readAt = clock.now();
  }

  async function read(of: string): Promise<void> {
    try {
      learn(of, await rest.get<APIRole[]>(Routes.guildRoles(of)));
    } catch (error) {
      log.warn({ guild: of, reason: sentence(error) }, 'the roles of the server could not be read');
    } finally {
      reading = undefined;
    }
  }

  async function ready(): Promise<void> {
    if (guild === undefined || clock.now() - readAt < keptMs) return;
    reading ??= read(guild);
    // What is a little old is better than being late with an answer.
    if (names.size === 0) await reading;
  }

  async function named(roles: readonly string[]): Promise<readonly string[]> {
    await ready();
    return roles.flatMap((role) => names.get(role) ?? []);
  }

  return {
    ...{ ids, ready, named, learn, put, drop },
    async of(user) {
      if (guild === undefined) return undefined;
      const known = members.get(user);
      if (known && clock.now() - known.at < keptMs) return known.roles && named(known.roles);
      const roles = await rolesOf(rest, guild, user);
      members.set(user, { at: clock.now(), roles });
      return roles && named(roles);
    },
    saw: (user, roles) => void members.set(user, { at: clock.now(), roles }),
  };
}

/** GET /guilds/{guild}/members/{user} */
async function rolesOf(rest: Rest, guild: string, user: string): Promise<readonly string[] | undefined> {
  try {
    return (await rest.get<APIGuildMember>(Routes.guildMember(guild, user))).roles;
  } catch (error) {
    if (codeOf(error) === unknownMember || codeOf(error) === unknownUser) return undefined;
    throw error;
  }
}
