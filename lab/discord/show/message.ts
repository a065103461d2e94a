import type { Attachment, Message } from '../message.ts';
import type { World } from '../world.ts';
import { showChannel, showKind } from './channel.ts';
import { showPartialMember, showUser, userOf } from './user.ts';

/** A message object, as REST answers it. */
export function showMessage(world: World, message: Message, deep = true): Record<string, unknown> {
  const thread = world.channels.get(message.id);
  const interaction = message.interactionId === undefined ? undefined : world.interactions.get(message.interactionId);
  const repliedTo = message.replyTo === undefined ? undefined : world.messages.get(message.replyTo);
  return {
    id: message.id,
    channel_id: message.channelId,
    type: message.type,
    author: showUser(userOf(world, message.authorId)),
    content: message.content,
    timestamp: stamp(message.createdAt),
    edited_timestamp: message.editedAt === undefined ? null : stamp(message.editedAt),
    tts: false,
    mention_everyone: message.mentionsEveryone,
    mentions: message.mentions.flatMap((id) => {
      const user = world.users.get(id);
      return user ? [showUser(user)] : [];
    }),
    mention_roles: message.mentions.filter((id) => world.roles.has(id)),
    attachments: message.attachments.map((attachment) => showAttachment(world, message, attachment)),
    embeds: message.embeds,
    components: message.components,
    pinned: false,
    flags: message.flags,
    ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
    ...(message.reactions.size === 0 ? {} : { reactions: showReactions(world, message) }),
    ...(thread ? { thread: showChannel(world, thread) } : {}),
    ...(interaction
      ? {
          application_id: world.application.id,
          webhook_id: world.application.id,
          interaction_metadata: {
            id: interaction.id,
            type: interaction.type,
            user: showUser(userOf(world, interaction.userId)),
            authorizing_integration_owners: { '0': world.guild.id },
            ...(interaction.type === 3 ? { interacted_message_id: interaction.messageId } : {}),
            ...(interaction.type === 5 ? { triggering_interaction_metadata: showTrigger(world, interaction.id) } : {}),
          },
        }
      : {}),
    ...(message.replyTo === undefined
      ? {}
      : {
          message_reference: { type: 0, channel_id: message.channelId, message_id: message.replyTo },
          ...(deep ? { referenced_message: repliedTo ? showMessage(world, repliedTo, false) : null } : {}),
        }),
  };
}

/** The same as the gateway brings it. Without MESSAGE_CONTENT others' words are left out, unless they are for the bot. */
export function showMessageEvent(world: World, message: Message, intents: number): Record<string, unknown> {
  const shown = showMessage(world, message);
  const direct = world.channels.get(message.channelId)?.kind === 'dm';
  const forBot = message.authorId === world.application.id || message.mentions.includes(world.application.id);
  const hidden = !direct && !forBot && (intents & (1 << 15)) === 0;
  return {
    ...shown,
    channel_type: showKind(world.channels.get(message.channelId)?.kind ?? 'text'),
    ...(direct ? {} : { guild_id: world.guild.id, member: showPartialMember(world, message.authorId) }),
    ...(hidden ? { content: '', embeds: [], components: [], attachments: [] } : {}),
  };
}

/** Discord's form of a moment: microseconds and an offset. */
function stamp(at: number): string {
  return new Date(at).toISOString().replace('Z', '000+00:00');
}

function showAttachment(world: World, message: Message, attachment: Attachment): Record<string, unknown> {
  const url = `${world.origin}/attachments/${message.channelId}/${attachment.id}/${encodeURIComponent(attachment.filename)}`;
  return {
    id: attachment.id,
    filename: attachment.filename,
    size: attachment.bytes.length,
    url,
    proxy_url: url,
    ...(attachment.contentType === undefined ? {} : { content_type: attachment.contentType }),
    ...(attachment.description === undefined ? {} : { description: attachment.description }),
    ...(message.onlyFor === undefined ? {} : { ephemeral: true }),
  };
}

function showReactions(world: World, message: Message): unknown[] {
  return [...message.reactions].map(([name, who]) => ({
    emoji: { id: null, name },
    count: who.size,
    count_details: { burst: 0, normal: who.size },
    burst_colors: [],
    me_burst: false,
    me: who.has(world.application.id),
  }));
}

/** The command or press that opened the modal. */
function showTrigger(world: World, submitId: string): Record<string, unknown> {
  const submit = world.interactions.get(submitId);
  const opener = world.interactions.get(submit?.openedBy ?? '') ?? submit;
  const kind = opener?.type === 3 ? 3 : 2;
  return {
    id: opener?.id,
    type: kind,
    user: showUser(userOf(world, opener?.userId ?? world.application.id)),
    authorizing_integration_owners: { '0': world.guild.id },
    ...(kind === 3 ? { interacted_message_id: opener?.messageId } : {}),
  };
}
