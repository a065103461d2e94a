import { DiscordError } from './error.ts';
import type { Message } from './message.ts';
import { may } from './permissions.ts';
import { showChannel } from './show/channel.ts';
import type { Channel, Thread, World } from './world.ts';

/** A channel that the bot may look into: 10003 when it is not there, 50001 when it may not. */
export function channelFor(world: World, id: string): Channel {
  const channel = world.channels.get(id);
  if (!channel) throw new DiscordError(10003);
  if (!may(world, world.application.id, channel, 'viewChannel')) throw new DiscordError(50001);
  if (channel.kind === 'thread') archiveIfQuiet(world, channel);
  return channel;
}

/** A message that everybody in its channel sees: 10008 when there is none. */
export function messageIn(world: World, channel: Channel, id: string): Message {
  const message = world.messages.get(id);
  if (!message || message.channelId !== channel.id || message.onlyFor !== undefined) throw new DiscordError(10008);
  return message;
}

/** The bot may write here, or 50013 says that it may not. Writing brings a thread back from the archive. */
export function checkMayWrite(world: World, channel: Channel, withFiles: boolean): void {
  const me = world.application.id;
  if (channel.kind === 'dm') {
    if (!world.members.get(channel.userId)?.takesDirect) throw new DiscordError(50007);
    return;
  }
  const write = channel.kind === 'thread' ? 'sendMessagesInThreads' : 'sendMessages';
  if (!may(world, me, channel, write)) throw new DiscordError(50013);
  if (withFiles && !may(world, me, channel, 'attachFiles')) throw new DiscordError(50013);
  if (channel.kind !== 'thread') return;
  if (channel.locked && channel.archived && !may(world, me, channel, 'manageThreads')) throw new DiscordError(50083);
  wake(world, channel);
}

/** Nothing in an archived thread can be changed: 50083. */
export function checkNotArchived(channel: Channel): void {
  if (channel.kind === 'thread' && channel.archived) throw new DiscordError(50083);
}

/** Somebody writes in a thread. */
export function wake(world: World, thread: Thread): void {
  thread.activeAt = world.clock.now();
  if (!thread.archived) return;
  thread.archived = false;
  tellThread(world, 'THREAD_UPDATE', thread);
}

export function tellThread(
  world: World,
  name: string,
  thread: Thread,
  more: Readonly<Record<string, unknown>> = {},
): void {
  world.changes.tell();
  world.emit({ name, intent: 1, payload: () => ({ ...showChannel(world, thread), ...more }) });
}

function archiveIfQuiet(world: World, thread: Thread): void {
  if (thread.archived || world.clock.now() - thread.activeAt < thread.archiveMinutes * 60_000) return;
  thread.archived = true;
  tellThread(world, 'THREAD_UPDATE', thread);
}
