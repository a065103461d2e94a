import type { Found } from '../changes.ts';
import type { Message } from './message.ts';
import { messagesIn } from './messages.ts';
import { directWith, findChannel, findUser } from './places.ts';
import { blocksText, textOf } from './text/text-of.ts';
import type { View } from './view.ts';
import type { SlackFile, World } from './world.ts';

/** What stands in the workspace, as people see it. Messages are live: they change as they are edited. Channels and users are names or ids. */
export interface Readers {
  /** A channel's id. */
  channel(name: string): string;
  /** What everybody in a channel sees in it, threads left out; the oldest first. */
  messages(channel: string): readonly Message[];
  /** The replies to a message. */
  thread(message: Message): readonly Message[];
  /** What this person alone sees, everywhere. */
  ephemerals(user: string): readonly Message[];
  /** What stands in the direct messages of a person and the app, threads too. */
  dms(user: string): readonly Message[];
  /** The modals that stand open before them, the top one last. */
  views(user: string): readonly View[];
  /** Their home tab, if one was published. */
  home(user: string): View | undefined;
  /** The files that were shared, and what is in them. */
  files(): readonly (SlackFile & { readonly text: string })[];
  /** What a message or view says, as plain text. */
  textOf(what: Message | View): string;
  /** What `look` answers as soon as it is something, looked at after every change; rejects after 5 s (or `withinMs`) with what then stands everywhere. */
  until<T>(look: () => T, what?: string, withinMs?: number): Promise<Found<T>>;
}

export function makeReaders(world: World): Readers {
  const channelId = (name: string) => {
    const channel = findChannel(world, name);
    if (!channel) throw new Error(`There is no channel ${name} in the lab.`);
    return channel.id;
  };
  const userId = (name: string) => {
    const user = findUser(world, name);
    if (!user) throw new Error(`There is no user ${name} in the lab.`);
    return user.id;
  };
  const all = () => [...world.messages.values()];
  const readers: Readers = {
    channel: channelId,
    messages: (channel) => messagesIn(world, channelId(channel)).filter(({ onlyFor }) => onlyFor === undefined),
    thread: ({ channel, ts }) =>
      messagesIn(world, channel, ts).filter((one) => one.ts !== ts && one.onlyFor === undefined),
    ephemerals: (user) => all().filter(({ onlyFor }) => onlyFor === userId(user)),
    dms: (user) =>
      all().filter(({ channel, onlyFor }) => channel === directWith(world, userId(user)).id && onlyFor === undefined),
    views: (user) => (world.stacks.get(userId(user)) ?? []).flatMap((id) => world.views.get(id) ?? []),
    home: (user) => world.views.get(world.homes.get(userId(user)) ?? ''),
    files: () =>
      [...world.files.values()]
        .filter(({ channels }) => channels.size > 0)
        .map((file) => ({ ...file, text: file.bytes?.toString('utf8') ?? '' })),
    textOf: (what) => ('content' in what ? textOf(world, what.content) : blocksText(world, what.blocks)),
    until(look, what = 'something', withinMs = 5_000) {
      const show = () =>
        all()
          .map(
            (one) =>
              `${one.channel}${one.threadTs ? ' thread' : ''}${one.onlyFor ? ` only for ${one.onlyFor}` : ''}: ${textOf(world, one.content)}`,
          )
          .join('\n');
      return world.changes.until(look, what, { withinMs, show });
    },
  };
  return readers;
}
