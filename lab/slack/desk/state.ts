import type { Message } from '../message.ts';
import { messagesIn } from '../messages.ts';
import { directWith } from '../places.ts';
import { showFile } from '../show/file.ts';
import { showView } from '../show/view.ts';
import type { View } from '../view.ts';
import type { World } from '../world.ts';

/** More of a channel is not drawn. */
const mostMessages = 200;

/** Everything that one person sees, for the page. */
export function stateFor(world: World, userId: string) {
  const { app, users, groups, channels, homes, views, stacks } = world;
  const direct = directWith(world, userId);
  const theirs = [...channels.values()].filter(({ members, kind }) => members.has(userId) && kind !== 'im');
  const see = (message: Message) => showFor(world, message);
  return {
    me: userId,
    app: { name: app.name, userId: app.userId, heard: world.app.socketMode ? world.listening() : true },
    direct: direct.id,
    users: Object.fromEntries([...users.values()].map(({ id, name, realName, bot }) => [id, { name, realName, bot }])),
    groups: Object.fromEntries([...groups.values()].map(({ id, handle }) => [id, handle])),
    commands: [...(app.commands ?? [])].map(([command, { usageHint, description }]) => ({
      command,
      usageHint,
      description,
    })),
    channels: theirs.map(({ id, name, kind, archived }) => ({ id, name, kind, archived })),
    messages: Object.fromEntries(
      [...theirs, direct].map(({ id }) => [id, everythingIn(world, id, userId).slice(-mostMessages).map(see)]),
    ),
    home: shownView(world, views.get(homes.get(userId) ?? '')),
    views: (stacks.get(userId) ?? []).flatMap((id) => shownView(world, views.get(id)) ?? []),
    violations: world.violations.length,
  };
}

function everythingIn(world: World, channel: string, userId: string): readonly Message[] {
  return [...world.messages.values()].filter(
    (one) => one.channel === channel && (one.onlyFor === undefined || one.onlyFor === userId),
  );
}

function showFor(world: World, message: Message) {
  const { ts, user, channel, threadTs, onlyFor, content, files, reactions, editedTs, createdAt } = message;
  return {
    ts,
    user,
    channel,
    threadTs,
    onlyForMe: onlyFor !== undefined,
    at: createdAt,
    edited: editedTs !== undefined,
    replies:
      threadTs === undefined ? messagesIn(world, channel, ts).filter((one) => one.ts !== ts && !one.onlyFor).length : 0,
    text: content.text,
    blocks: content.blocks,
    files: files.flatMap((id) => showFile(world, world.files.get(id)) ?? []),
    reactions: [...reactions].map(([name, who]) => ({ name, count: who.size })),
  };
}

function shownView(world: World, view: View | undefined) {
  return view && { ...showView(world, view), kind: view.kind, errors: view.errors };
}
