import type { Option } from '../command.ts';
import type { Component, Message } from '../message.ts';
import { menuFor } from '../people/menu.ts';
import { placeFor } from '../people/person.ts';
import { may } from '../permissions.ts';
import { directWith } from '../rest/routes/channels.ts';
import { showMessage } from '../show/message.ts';
import { userOf } from '../show/user.ts';
import type { Channel, World } from '../world.ts';

/** What the page shows to one person at one moment. */
export interface View {
  readonly me: string;
  readonly people: readonly PersonView[];
  readonly roles: readonly { readonly id: string; readonly name: string }[];
  readonly channels: readonly ChannelView[];
  /** The channel that is open, and the thread beside it. */
  readonly open: readonly { readonly id: string; readonly messages: readonly MessageView[] }[];
  readonly menu: readonly { readonly name: string; readonly about: string; readonly options: readonly Option[] }[];
  readonly modal: { readonly title: string; readonly components: readonly Component[] } | undefined;
  /** Whether the bot is connected. */
  readonly online: boolean;
  /** How many payloads broke Discord's own schema. */
  readonly violations: number;
}

export interface PersonView {
  readonly id: string;
  readonly name: string;
  readonly shown: string;
  readonly bot: boolean;
  /** `#2ecc71` of their highest role that has one. */
  readonly color: string | undefined;
}

export interface ChannelView {
  readonly id: string;
  readonly kind: Channel['kind'];
  readonly name: string;
  readonly parentId: string | undefined;
  readonly archived: boolean;
}

export interface MessageView {
  readonly id: string;
  readonly authorId: string;
  readonly at: number;
  readonly edited: boolean;
  readonly content: string;
  readonly embeds: readonly Readonly<Record<string, unknown>>[];
  readonly components: readonly Component[];
  readonly attachments: readonly { readonly filename: string; readonly url: string; readonly size: number }[];
  readonly flags: number;
  /** Seen by this person alone. */
  readonly only: boolean;
  /** Whether it tells this person with a sound. */
  readonly pings: boolean;
  /** Who typed what, above the answer to a slash command. */
  readonly answers: { readonly userId: string; readonly command: string } | undefined;
  readonly thread: { readonly id: string; readonly name: string; readonly count: number } | undefined;
}

const mostMessages = 100;

/** What this person sees; `open` names the channels whose messages they look at. */
export function viewFor(world: World, userId: string, open: readonly string[]): View {
  const first = open[0] === undefined ? undefined : world.channels.get(open[0]);
  const modal = world.modals.get(userId);
  const direct = directWith(world, userId);
  const channels = [...world.channels.values()].filter((channel) =>
    channel.kind === 'dm' ? channel === direct : may(world, userId, channel, 'viewChannel'),
  );
  return {
    me: userId,
    people: [...world.users.values()].map(({ id, name, shown, bot }) => ({
      id,
      name,
      shown,
      bot,
      color: colorOf(world, id),
    })),
    roles: [...world.roles.values()].map(({ id, name }) => ({ id, name })),
    channels: channels.map((channel) => viewOfChannel(world, channel)),
    open: open.map((id) => ({ id, messages: messagesFor(world, userId, id) })),
    menu: first
      ? menuFor(world, userId, first).map((entry) => ({
          name: entry.name,
          about: entry.below.at(-1)?.description ?? entry.command.description,
          options: entry.options,
        }))
      : [],
    modal: modal && { title: modal.title, components: modal.components },
    online: world.connected() > 0,
    violations: world.violations.length,
  };
}

function messagesFor(world: World, userId: string, channelId: string): MessageView[] {
  const channel = placeFor(world, userId, channelId);
  return [...world.messages.values()]
    .filter((one) => one.channelId === channel.id && (one.onlyFor === undefined || one.onlyFor === userId))
    .slice(-mostMessages)
    .map((message) => viewOfMessage(world, userId, message));
}

function viewOfMessage(world: World, userId: string, message: Message): MessageView {
  const { id, authorId, content, embeds, components, flags } = message;
  const interaction = message.interactionId === undefined ? undefined : world.interactions.get(message.interactionId);
  const thread = world.channels.get(id);
  const roles = world.members.get(userId)?.roles ?? [];
  return {
    id,
    authorId,
    at: message.createdAt,
    edited: message.editedAt !== undefined,
    content,
    embeds,
    components,
    attachments: showMessage(world, message).attachments as MessageView['attachments'],
    flags,
    only: message.onlyFor !== undefined,
    pings: message.mentionsEveryone || message.mentions.some((one) => one === userId || roles.includes(one)),
    answers:
      interaction?.commandName === undefined
        ? undefined
        : { userId: interaction.userId, command: interaction.commandName },
    thread:
      thread?.kind === 'thread' ? { id, name: thread.name, count: messagesFor(world, userId, id).length } : undefined,
  };
}

function viewOfChannel(world: World, channel: Channel): ChannelView {
  const { id, kind } = channel;
  return {
    id,
    kind,
    name: channel.kind === 'dm' ? userOf(world, world.application.id).shown : channel.name,
    parentId: channel.kind === 'thread' ? channel.parentId : undefined,
    archived: channel.kind === 'thread' && channel.archived,
  };
}

function colorOf(world: World, userId: string): string | undefined {
  const roles = (world.members.get(userId)?.roles ?? []).flatMap((id) => world.roles.get(id) ?? []);
  const best = roles.filter(({ color }) => color !== 0).sort((a, b) => b.position - a.position)[0];
  return best && `#${best.color.toString(16).padStart(6, '0')}`;
}
