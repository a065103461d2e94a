import { attachmentsAfter, type Upload, withMedia } from './attachments.ts';
import { DiscordError } from './error.ts';
import { mentionsOf } from './mentions.ts';
import type { Component, Message } from './message.ts';
import { may } from './permissions.ts';
import { fillIn } from './rules/fill-in.ts';
import { checkDraft, flags, isEmpty } from './rules/message.ts';
import { showMessageEvent } from './show/message.ts';
import type { World } from './world.ts';

/** The body of a request that writes or changes a message, already checked against the schema. */
export interface MessageBody {
  readonly content?: string | null;
  readonly embeds?: readonly Readonly<Record<string, unknown>>[] | null;
  readonly components?: readonly Component[] | null;
  readonly flags?: number | null;
  readonly attachments?: readonly { readonly id: string | number; readonly description?: string | null }[] | null;
  readonly allowed_mentions?: AllowedMentions | null;
  readonly nonce?: string | number | null;
  readonly enforce_nonce?: boolean | null;
  readonly message_reference?: { readonly message_id: string } | null;
}

export interface AllowedMentions {
  readonly parse?: readonly string[] | null;
  readonly users?: readonly string[] | null;
  readonly roles?: readonly string[] | null;
}

export interface Written {
  /** The request, for violations. */
  readonly where: string;
  readonly body: MessageBody;
  readonly files: readonly Upload[];
}

/** Where a new message stands and whose it is. */
export type Posted = Pick<Message, 'channelId' | 'authorId'> &
  Partial<Pick<Message, 'type' | 'replyTo' | 'interactionId' | 'onlyFor'>>;

/** Writes a new message and tells the gateway. Permissions are the caller's business. */
export function writeMessage(world: World, posted: Posted, written: Written): Message {
  const message: Message = {
    id: world.newId(),
    createdAt: world.clock.now(),
    editedAt: undefined,
    type: 0,
    replyTo: undefined,
    interactionId: undefined,
    onlyFor: undefined,
    ...posted,
    content: '',
    embeds: [],
    components: [],
    attachments: [],
    flags: posted.onlyFor === undefined ? 0 : flags.ephemeral,
    mentions: [],
    mentionsEveryone: false,
    nonce: written.body.nonce ?? undefined,
    reactions: new Map(),
  };
  fill(world, message, written);
  return addMessage(world, message);
}

/** Shows a message that is there already, as it is. */
export function addMessage(world: World, message: Message): Message {
  world.messages.set(message.id, message);
  tell(world, 'MESSAGE_CREATE', message);
  return message;
}

/** Changes what the request names; the rest stays. */
export function changeMessage(world: World, message: Message, written: Written): void {
  const wasLoading = (message.flags & flags.loading) !== 0;
  fill(world, message, written);
  message.flags &= ~flags.loading;
  if (!wasLoading) message.editedAt = world.clock.now();
  tell(world, 'MESSAGE_UPDATE', message);
}

export function removeMessage(world: World, message: Message): void {
  world.messages.delete(message.id);
  tell(world, 'MESSAGE_DELETE', message);
}

/** Tells the gateway of a message, if the bot may see it. */
export function tell(world: World, name: string, message: Message): void {
  world.changes.tell();
  const channel = world.channels.get(message.channelId);
  if (message.onlyFor !== undefined || !channel || !may(world, world.application.id, channel, 'viewChannel')) return;
  const direct = channel.kind === 'dm';
  const gone = { id: message.id, channel_id: message.channelId, ...(direct ? {} : { guild_id: world.guild.id }) };
  world.emit({
    name,
    intent: direct ? 1 << 12 : 1 << 9,
    payload: (intents) => (name === 'MESSAGE_DELETE' ? gone : showMessageEvent(world, message, intents)),
  });
}

function fill(world: World, message: Message, { where, body, files }: Written): void {
  const sent = body.flags ?? undefined;
  const v2 = (((sent ?? 0) | message.flags) & flags.componentsV2) !== 0;
  // A message that turns to components has to give up its text in the same request.
  const content = body.content === undefined ? message.content : (body.content ?? '');
  const attachments = attachmentsAfter(world, where, message.attachments, body.attachments, files);
  const given = body.components === undefined ? message.components : fillIn(body.components ?? []);
  const draft = {
    content,
    embeds: body.embeds === undefined ? message.embeds : (body.embeds ?? []).map(showEmbed),
    components: given,
    files: attachments.length,
    flags: message.flags | (v2 ? flags.componentsV2 : 0) | ((sent ?? 0) & flags.silent),
  };
  if (isEmpty(draft)) throw new DiscordError(50006);
  checkDraft(world, where, draft);
  const told = mentionsOf(world, message, draft, body.allowed_mentions ?? undefined);
  Object.assign(message, {
    ...told,
    content: draft.content,
    embeds: draft.embeds,
    components: withMedia(world, where, message.channelId, draft.components, attachments),
    attachments,
    flags: draft.flags,
  });
}

function showEmbed(embed: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { type: 'rich', ...Object.fromEntries(Object.entries(embed).filter(([, value]) => value !== null)) };
}
