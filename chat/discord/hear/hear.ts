import {
  type APIChatInputApplicationCommandInteraction,
  type APIInteraction,
  ApplicationCommandType,
  InteractionType,
} from 'discord.js';
import { sentence } from '#base/errors.ts';
import type { Rest } from '../rest.ts';
import { accountOf, placeOf } from './account.ts';
import type { Ears } from './met.ts';
import { offerWords } from './offer-words.ts';
import { takeCommand } from './take-command.ts';
import { takeForm } from './take-form.ts';
import { takePress } from './take-press.ts';

/** Takes what somebody did to the bot, and answers in time. Never rejects. */
export async function hear(ears: Ears, rest: Rest, interaction: APIInteraction): Promise<void> {
  try {
    const met = { ears, by: await accountOf(interaction, ears.roles), place: placeOf(interaction) };
    if (interaction.type === InteractionType.ApplicationCommandAutocomplete) {
      return await offerWords(rest, { ...met, interaction });
    }
    const reply = ears.replies.open(interaction, met.by.account);
    if (interaction.type === InteractionType.MessageComponent) return await takePress({ ...met, reply, interaction });
    if (interaction.type === InteractionType.ModalSubmit) return await takeForm({ ...met, reply, interaction });
    if (isSlashCommand(interaction)) return await takeCommand({ ...met, reply, interaction });
  } catch (error) {
    // What was to be kept is kept; the answer came too late, or for the second time.
    ears.log.warn({ reason: sentence(error), interaction: interaction.id }, 'Discord did not take an answer');
  }
}

function isSlashCommand(interaction: APIInteraction): interaction is APIChatInputApplicationCommandInteraction {
  return (
    interaction.type === InteractionType.ApplicationCommand &&
    interaction.data.type === ApplicationCommandType.ChatInput
  );
}
