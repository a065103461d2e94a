import type { Message } from '../message.ts';
import { showMessage } from '../show/message.ts';
import type { World } from '../world.ts';
import { emit } from './events.ts';

/** The subscriptions for messages, by the kind of channel, and what the event calls it. */
const kinds = {
  public: { name: 'message.channels', type: 'channel' },
  private: { name: 'message.groups', type: 'group' },
  im: { name: 'message.im', type: 'im' },
} as const;

/** A message was written, by a person or the app itself: the app hears of it where it is a member. */
export function tellWritten(world: World, message: Message): void {
  const channel = world.channels.get(message.channel);
  if (!channel?.members.has(world.app.userId) || message.onlyFor !== undefined) return;
  const { name, type } = kinds[channel.kind];
  const files = message.files.length > 0 ? { subtype: 'file_share' } : {};
  const shown = { ...showMessage(world, message), ...files, channel: channel.id, event_ts: message.ts };
  emit(world, name, { ...shown, channel_type: type });
  const mentioned = message.content.text.includes(`<@${world.app.userId}>`);
  if (mentioned && message.botId === undefined) emit(world, 'app_mention', { ...shown, type: 'app_mention' });
}

/** A message was edited. */
export function tellChanged(world: World, message: Message): void {
  world.changes.tell();
  const channel = world.channels.get(message.channel);
  if (!channel?.members.has(world.app.userId)) return;
  const { name, type } = kinds[channel.kind];
  const shown = showMessage(world, message);
  const ts = world.newTs();
  emit(world, name, {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    channel: channel.id,
    channel_type: type,
    ts,
    message: shown,
    event_ts: ts,
  });
}
