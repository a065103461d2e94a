import type { Found } from '../changes.ts';
import type { Modal } from './interaction.ts';
import type { Message } from './message.ts';
import { textOf } from './people/look.ts';
import { channelNamed } from './people/person.ts';
import { directWith } from './rest/routes/channels.ts';
import type { Thread, World } from './world.ts';

/** What stands in the guild, as people see it. Messages are live: they change as they are edited. */
export interface Readers {
  /** A channel's id, by its name. */
  channel(name: string): string;
  role(name: string): string;
  /** What everybody in a channel, thread or direct channel sees, the oldest first. */
  messages(channel: string): readonly Message[];
  /** The thread of a message (or with this id) and what was written in it. */
  thread(id: string): { readonly thread: Thread; readonly messages: readonly Message[] } | undefined;
  /** What this person alone sees. */
  ephemerals(user: string): readonly Message[];
  /** The forms that stand open before them: none or one. */
  modals(user: string): readonly Modal[];
  /** What was written between them and the bot. */
  dms(user: string): readonly Message[];
  /** What `look` answers as soon as it is something, looked at after every change; rejects after 5 s (or `withinMs`) with what then stands everywhere. */
  until<T>(look: () => T, what?: string, withinMs?: number): Promise<Found<T>>;
}

export function makeReaders(world: World): Readers {
  const userId = (name: string) => {
    const user = [...world.users.values()].find((one) => one.name === name);
    if (!user) throw new Error(`There is no user ${name} in the lab.`);
    return user.id;
  };
  const publicIn = (channelId: string) =>
    [...world.messages.values()].filter((message) => message.channelId === channelId && message.onlyFor === undefined);

  return {
    channel: (name) => channelNamed(world, name).id,
    role(name) {
      const role = [...world.roles.values()].find((one) => one.name === name);
      if (!role) throw new Error(`There is no role ${name} in the lab.`);
      return role.id;
    },
    messages: (channel) => publicIn(channelNamed(world, channel).id),
    thread(id) {
      const thread = world.channels.get(id);
      return thread?.kind === 'thread' ? { thread, messages: publicIn(id) } : undefined;
    },
    ephemerals: (name) => [...world.messages.values()].filter(({ onlyFor }) => onlyFor === userId(name)),
    modals: (name) => [world.modals.get(userId(name)) ?? []].flat(),
    dms: (name) => publicIn(directWith(world, userId(name)).id),
    until: (look, what = 'a change', withinMs = 5_000) =>
      world.changes.until(look, what, { withinMs, show: () => everything(world) }),
  };
}

/** All messages as text, for whoever waited in vain. */
function everything(world: World): string {
  const lines = [...world.messages.values()].map((message) => {
    const channel = world.channels.get(message.channelId);
    const place = channel && 'name' in channel ? channel.name : message.channelId;
    const who = world.users.get(message.authorId)?.name ?? '?';
    return `#${place}${message.onlyFor === undefined ? '' : ' (ephemeral)'} ${who}: ${textOf(message)}`;
  });
  const wrong = world.violations.map(({ kind, where, problems }) => `${kind} ${where}: ${problems.join('; ')}`);
  return [...lines, ...wrong].join('\n');
}
