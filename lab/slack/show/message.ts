import type { Message } from '../message.ts';
import { messagesIn } from '../messages.ts';
import type { World } from '../world.ts';
import { showFile } from './file.ts';

type Shown = Readonly<Record<string, unknown>>;

/** A message as Slack's API and events show it. */
export function showMessage(world: World, message: Message, options: { metadata?: boolean } = {}): Shown {
  const { ts, user, botId, threadTs, content, metadata, editedTs, reactions, files } = message;
  const { app, team } = world;
  return {
    type: 'message',
    ...(message.broadcast ? { subtype: 'thread_broadcast' } : {}),
    user,
    ts,
    ...(botId === undefined
      ? {}
      : { bot_id: botId, app_id: app.id, bot_profile: { id: botId, app_id: app.id, name: app.name } }),
    text: content.text,
    team: team.id,
    ...(content.blocks.length > 0 ? { blocks: content.blocks } : {}),
    ...(content.attachments.length > 0 ? { attachments: content.attachments } : {}),
    ...(editedTs === undefined ? {} : { edited: { user, ts: editedTs } }),
    ...(threadTs === undefined
      ? showThread(world, message)
      : { thread_ts: threadTs, parent_user_id: parentOf(world, message)?.user }),
    ...(files.length > 0
      ? { files: files.flatMap((id) => showFile(world, world.files.get(id)) ?? []), upload: false }
      : {}),
    ...(reactions.size > 0
      ? { reactions: [...reactions].map(([name, users]) => ({ name, users: [...users], count: users.size })) }
      : {}),
    ...(metadata && options.metadata ? { metadata } : {}),
  };
}

function parentOf(world: World, { channel, threadTs }: Message): Message | undefined {
  return threadTs === undefined ? undefined : world.messages.get(`${channel} ${threadTs}`);
}

/** What a message that has a thread says of it. */
function showThread(world: World, { channel, ts, onlyFor }: Message): Shown {
  const replies = onlyFor
    ? []
    : messagesIn(world, channel, ts).filter((one) => one.ts !== ts && one.onlyFor === undefined);
  if (replies.length === 0) return {};
  const users = [...new Set(replies.map(({ user }) => user))];
  return {
    thread_ts: ts,
    reply_count: replies.length,
    reply_users: users,
    reply_users_count: users.length,
    latest_reply: replies.at(-1)?.ts,
  };
}
