import {
  type APIChatInputApplicationCommandInteraction,
  type APIInteraction,
  ApplicationCommandType,
  InteractionType,
} from 'discord.js';
import { sentence } from '#base/errors.ts';
import type { Rest } from '../rest.ts';
import { accountOf, placeOf } from './account.ts';
import { type Ears, say } from './met.ts';
import { offerWords } from './offer-words.ts';
import type { Reply } from './replies.ts';
import { takeCommand } from './take-command.ts';
import { takeForm } from './take-form.ts';
import { takePress } from './take-press.ts';

/** Takes what somebody did to the bot, and answers in time. Never rejects. */
export async function hear(ears: Ears, rest: Rest, interaction: APIInteraction): Promise<void> {
  try {
    if (interaction.type === InteractionType.ApplicationCommandAutocomplete) {
      if (isForeign(ears, interaction)) return;
      const by = await accountOf(interaction, ears);
      return await offerWords(rest, { ears, by, place: placeOf(interaction), interaction });
    }
    if (interaction.type !== InteractionType.Ping) await take(ears, interaction, ears.replies.open(interaction));
  } catch (error) {
    // What was to be kept is kept; the answer came too late, or for the second time.
    ears.log.warn({ reason: sentence(error), interaction: interaction.id }, 'Discord did not take an answer');
  }
}

async function take(ears: Ears, interaction: APIInteraction, reply: Reply): Promise<void> {
  try {
    if (isForeign(ears, interaction)) return await say({ ears, reply }, 'I work for another server.');
    const by = await accountOf(interaction, ears).catch((error: unknown) => sentence(error));
    if (typeof by === 'string') return await say({ ears, reply }, `${by} Nothing was done; try again in a moment.`);
    const met = { ears, reply, by, place: placeOf(interaction) };
    if (interaction.type === InteractionType.MessageComponent) return await takePress({ ...met, interaction });
    if (interaction.type === InteractionType.ModalSubmit) return await takeForm({ ...met, interaction });
    if (isSlashCommand(interaction)) return await takeCommand({ ...met, interaction });
  } finally {
    reply.close();
  }
}

/** An application can be added to any server by anybody, unless its owner forbids it. */
function isForeign({ guild }: Ears, { guild_id }: APIInteraction): boolean {
  return guild !== undefined && guild_id !== undefined && guild_id !== guild;
}

function isSlashCommand(interaction: APIInteraction): interaction is APIChatInputApplicationCommandInteraction {
  return (
    interaction.type === InteractionType.ApplicationCommand &&
    interaction.data.type === ApplicationCommandType.ChatInput
  );
}
