import { DiscordError } from './error.ts';
import type { Message } from './message.ts';
import { tell } from './messages.ts';
import { may } from './permissions.ts';
import { tellThread } from './places.ts';
import { flags } from './rules/message.ts';
import type { Channel, Thread, World } from './world.ts';

/** Starts the one thread that a message can have; its id is the message's. */
export function startThread(
  world: World,
  channel: Channel,
  message: Message,
  body: { readonly name: string; readonly auto_archive_duration?: number | null },
): Thread {
  if (channel.kind !== 'text') throw new DiscordError(50024);
  if (!may(world, world.application.id, channel, 'createPublicThreads')) throw new DiscordError(50013);
  if (world.channels.has(message.id)) throw new DiscordError(160004);
  const now = world.clock.now();
  const thread: Thread = {
    kind: 'thread',
    id: message.id,
    parentId: channel.id,
    ownerId: world.application.id,
    createdAt: now,
    activeAt: now,
    name: body.name,
    archiveMinutes: body.auto_archive_duration ?? 4_320,
    archived: false,
    locked: false,
  };
  world.channels.set(thread.id, thread);
  message.flags |= flags.hasThread;
  tellThread(world, 'THREAD_CREATE', thread, { newly_created: true });
  tell(world, 'MESSAGE_UPDATE', message);
  return thread;
}

/** What `PATCH /channels/{thread}` may change: 50083 unless an archived thread is brought back by the same request. */
export function changeThread(
  world: World,
  thread: Thread,
  body: {
    readonly name?: string | null;
    readonly archived?: boolean | null;
    readonly locked?: boolean | null;
    readonly auto_archive_duration?: number | null;
  },
): void {
  const me = world.application.id;
  const comesBack = body.archived === false;
  if (thread.archived && !comesBack) throw new DiscordError(50083);
  const own = thread.ownerId === me && body.locked !== true;
  if (!own && !comesBack && !may(world, me, thread, 'manageThreads')) throw new DiscordError(50013);
  thread.name = body.name ?? thread.name;
  thread.archived = body.archived ?? thread.archived;
  thread.locked = body.locked ?? thread.locked;
  thread.archiveMinutes = body.auto_archive_duration ?? thread.archiveMinutes;
  thread.activeAt = world.clock.now();
  tellThread(world, 'THREAD_UPDATE', thread);
}
