import type { Server } from 'node:http';
import { fixedIds } from './first-world.ts';
import type { Gateway } from './gateway/gateway.ts';
import { removeMessage } from './messages.ts';
import { channelNamed, personNamed } from './people/person.ts';
import { type Permission, permissionBits } from './permissions.ts';
import { tellThread } from './places.ts';
import { close, listen } from './rest/listen.ts';
import { showChannel } from './show/channel.ts';
import { showGuildCreate } from './show/guild.ts';
import { showMember } from './show/user.ts';
import { randomToken } from './token.ts';
import type { World } from './world.ts';

/** What happens to a guild and an application besides messages. */
export interface Happenings {
  /** Moves the lab's clock on: what becomes due happens before this returns. */
  pass(lengthMs: number): void;
  /** Refuses every connection until {@link Happenings.goOnline}. Sockets are cut. */
  goOffline(): Promise<void>;
  goOnline(): Promise<void>;
  /** Makes a new token; the old one is worth nothing at once. */
  resetToken(): string;
  /** Somebody throws the bot out of the guild, or invites it anew. */
  removeBot(): void;
  inviteBot(): void;
  giveRole(user: string, role: string): void;
  takeRole(user: string, role: string): void;
  /** Takes a right from the bot in one channel, or gives it back. */
  forbid(channel: string, ...permissions: Permission[]): void;
  permit(channel: string, ...permissions: Permission[]): void;
  /** This person takes no messages from the guild's members: 50007. */
  refuseDirect(user: string): void;
  archive(thread: string, locked?: boolean): void;
  /** Somebody else deletes a message. */
  deleteMessage(id: string): void;
  /** The channel is gone, with everything in it. */
  deleteChannel(channel: string): void;
}

export function makeHappenings(world: World, server: Server, gateway: Gateway): Happenings {
  const me = world.application.id;

  function setRoles(name: string, change: (roles: readonly string[]) => readonly string[]): void {
    const { id } = personNamed(world, name);
    const member = world.members.get(id);
    if (!member) throw new Error(`${name} is no member of the guild.`);
    member.roles = change(member.roles);
    const payload = () => ({ guild_id: world.guild.id, ...showMember(world, id) });
    // Of itself a bot hears without the members' intent.
    world.emit({ name: 'GUILD_MEMBER_UPDATE', intent: id === me ? 0 : 1 << 1, payload });
    world.changes.tell();
  }

  function roleId(name: string): string {
    const role = [...world.roles.values()].find((one) => one.name === name);
    if (!role) throw new Error(`There is no role ${name} in the lab.`);
    return role.id;
  }

  function setDenied(name: string, change: (deny: bigint) => bigint): void {
    const channel = channelNamed(world, name);
    if (channel.kind !== 'text') throw new Error(`${name} has no permissions of its own.`);
    const over = channel.overwrites.get(me) ?? { of: 'user' as const, allow: 0n, deny: 0n };
    over.deny = change(over.deny);
    channel.overwrites.set(me, over);
    world.emit({ name: 'CHANNEL_UPDATE', intent: 1, payload: () => showChannel(world, channel) });
    world.changes.tell();
  }

  const bits = (permissions: readonly Permission[]) =>
    permissions.reduce((sum, name) => sum | permissionBits[name], 0n);

  return {
    pass: world.clock.pass,
    async goOffline() {
      gateway.drop();
      await close(server);
    },
    async goOnline() {
      await listen(server, Number(new URL(world.origin).port));
    },
    resetToken() {
      world.application.token = randomToken();
      world.application.identifies = 0;
      gateway.close(4004, 'Authentication failed.');
      return world.application.token;
    },
    removeBot() {
      world.members.delete(me);
      world.emit({ name: 'GUILD_DELETE', intent: 1, payload: () => ({ id: world.guild.id }) });
      world.changes.tell();
    },
    inviteBot() {
      world.members.set(me, { roles: [fixedIds.botRole], takesDirect: true });
      world.emit({ name: 'GUILD_CREATE', intent: 1, payload: () => showGuildCreate(world) });
      world.changes.tell();
    },
    giveRole: (user, role) => setRoles(user, (roles) => [...new Set([...roles, roleId(role)])]),
    takeRole: (user, role) => setRoles(user, (roles) => roles.filter((id) => id !== roleId(role))),
    forbid: (channel, ...permissions) => setDenied(channel, (deny) => deny | bits(permissions)),
    permit: (channel, ...permissions) => setDenied(channel, (deny) => deny & ~bits(permissions)),
    refuseDirect(user) {
      const member = world.members.get(personNamed(world, user).id);
      if (member) member.takesDirect = false;
    },
    archive(id, locked = false) {
      const thread = world.channels.get(id);
      if (thread?.kind !== 'thread') throw new Error(`There is no thread ${id} in the lab.`);
      thread.archived = true;
      thread.locked = locked;
      tellThread(world, 'THREAD_UPDATE', thread);
    },
    deleteMessage(id) {
      const message = world.messages.get(id);
      if (message) removeMessage(world, message);
    },
    deleteChannel(name) {
      const channel = channelNamed(world, name);
      for (const message of [...world.messages.values()]) {
        if (message.channelId === channel.id) world.messages.delete(message.id);
      }
      world.channels.delete(channel.id);
      world.emit({ name: 'CHANNEL_DELETE', intent: 1, payload: () => showChannel(world, channel) });
      world.changes.tell();
    },
  };
}
