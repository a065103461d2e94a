import type { Choice } from './command.ts';
import { DiscordError, invalid } from './error.ts';
import type { Answer, Interaction, Modal } from './interaction.ts';
import type { Component, Message } from './message.ts';
import { addMessage, changeMessage, type MessageBody, type Written, writeMessage } from './messages.ts';
import { fillIn } from './rules/fill-in.ts';
import { flags } from './rules/message.ts';
import type { World } from './world.ts';

/** The body of a callback, already checked against the schema of its type. */
export interface Callback {
  readonly type: Answer['type'];
  readonly data?: (MessageBody & { choices?: readonly Choice[]; custom_id?: string; title?: string }) | null;
}

/** Which answers each kind of interaction takes. */
const fitting: Readonly<Record<Interaction['type'], readonly Answer['type'][]>> = {
  2: [4, 5, 9],
  3: [4, 5, 6, 7, 9],
  4: [8],
  5: [4, 5, 6, 7],
};

/** The first answer: 10062 when it is unknown or too late, 40060 when there was one. Answers the message that it made or changed. */
export function answerInteraction(
  world: World,
  interaction: Interaction | undefined,
  callback: Callback,
  written: Omit<Written, 'body'>,
): Message | undefined {
  if (!interaction) throw new DiscordError(10062);
  if (interaction.answer) throw new DiscordError(40060);
  if (world.clock.now() - interaction.createdAt > world.settings.answerMs) throw new DiscordError(10062);
  const pressedOn = interaction.messageId === undefined ? undefined : world.messages.get(interaction.messageId);
  const changes = callback.type === 6 || callback.type === 7;
  if (!fitting[interaction.type].includes(callback.type) || (changes && !pressedOn)) {
    throw invalid(['type'], 'INTERACTION_CALLBACK_TYPE_INVALID', 'This kind of answer does not fit the interaction.');
  }
  const body = callback.data ?? {};
  const message = messageOf(world, interaction, callback.type, pressedOn, { ...written, body });
  if (changes) interaction.originalId = interaction.messageId;
  if (message) interaction.originalId = message.id;
  interaction.answer = {
    type: callback.type,
    ephemeral: ((message?.flags ?? 0) & flags.ephemeral) !== 0,
    choices: callback.type === 8 ? (callback.data?.choices ?? []) : [],
    modal: callback.type === 9 ? modalOf(interaction, callback) : undefined,
  };
  if (interaction.answer.modal) world.modals.set(interaction.userId, interaction.answer.modal);
  world.changes.tell();
  return message;
}

function messageOf(
  world: World,
  interaction: Interaction,
  type: Answer['type'],
  pressedOn: Message | undefined,
  written: Written,
): Message | undefined {
  if (type === 4) return writeMessage(world, replyPlace(world, interaction, written.body), written);
  if (type === 5) return addMessage(world, loadingMessage(world, interaction, written.body));
  if (type === 7 && pressedOn) changeMessage(world, pressedOn, written);
  return type === 7 ? pressedOn : undefined;
}

/** Where the bot's words about an interaction go, and who sees them. */
export function replyPlace(world: World, interaction: Interaction, body: MessageBody, ephemeral?: boolean) {
  const hidden = ephemeral ?? ((body.flags ?? 0) & flags.ephemeral) !== 0;
  return {
    channelId: interaction.channelId,
    authorId: world.application.id,
    type: interaction.type === 2 ? (20 as const) : (19 as const),
    replyTo: interaction.messageId,
    interactionId: interaction.id,
    onlyFor: hidden ? interaction.userId : undefined,
  };
}

/** "Botswain is thinking…" */
function loadingMessage(world: World, interaction: Interaction, body: MessageBody): Message {
  const place = replyPlace(world, interaction, body);
  return {
    ...place,
    id: world.newId(),
    createdAt: world.clock.now(),
    editedAt: undefined,
    content: '',
    embeds: [],
    components: [],
    attachments: [],
    flags: flags.loading | (place.onlyFor === undefined ? 0 : flags.ephemeral),
    mentions: [],
    mentionsEveryone: false,
    nonce: undefined,
    reactions: new Map(),
  };
}

function modalOf(interaction: Interaction, { data }: Callback): Modal {
  return {
    interactionId: interaction.id,
    userId: interaction.userId,
    channelId: interaction.channelId,
    customId: data?.custom_id ?? '',
    title: data?.title ?? '',
    components: fillIn(data?.components ?? []) as readonly Component[],
  };
}
