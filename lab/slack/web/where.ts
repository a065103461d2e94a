import type { Message } from '../message.ts';
import { messageKey } from '../messages.ts';
import { directWith, findChannel } from '../places.ts';
import type { Channel, World } from '../world.ts';
import { SlackError } from './error.ts';

/** Where the app may post: an id, a name, or a person, whose direct messages are opened then. Throws what Slack answers otherwise. */
export function whereToPost(world: World, given: string): Channel {
  const { app, users } = world;
  const person = users.get(given);
  const channel = person && !person.bot ? directWith(world, given) : findChannel(world, given);
  if (!channel || (channel.kind === 'private' && !channel.members.has(app.userId)))
    throw new SlackError('channel_not_found');
  if (channel.archived) throw new SlackError('is_archived');
  if (channel.readOnly) throw new SlackError('restricted_action_read_only_channel');
  if (channel.kind === 'im' && !app.messagesTab) throw new SlackError('messages_tab_disabled');
  if (!channel.members.has(app.userId) && !app.scopes.has('chat:write.public')) throw new SlackError('not_in_channel');
  return channel;
}

/** A conversation that the app can read about. Private ones are there only for their members. */
export function visible(world: World, id: string): Channel {
  const channel = world.channels.get(id);
  const hidden = channel?.kind !== 'public' && !channel?.members.has(world.app.userId);
  if (!channel || hidden) throw new SlackError('channel_not_found');
  return channel;
}

/** The scope for a kind of conversation: `channels:history`, `groups:history`, `im:history`. */
export function scopeFor({ kind }: Channel, what: 'read' | 'history'): string {
  return `${{ public: 'channels', private: 'groups', im: 'im' }[kind]}:${what}`;
}

/** A message that everybody sees. */
export function messageAt(world: World, channel: Channel, ts: string): Message {
  const message = world.messages.get(messageKey(channel.id, ts));
  if (!message || message.onlyFor !== undefined) throw new SlackError('message_not_found');
  return message;
}

/** Threads hang on messages that are not in a thread themselves. */
export function threadRoot(world: World, channel: Channel, ts: string | undefined): string | undefined {
  if (ts === undefined) return undefined;
  const message = world.messages.get(messageKey(channel.id, ts));
  if (!message) throw new SlackError('thread_not_found');
  if (message.onlyFor !== undefined) throw new SlackError('cannot_reply_to_message');
  return message.threadTs ?? ts;
}
