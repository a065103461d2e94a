import { type APIApplicationCommandAutocompleteInteraction, InteractionResponseType, Routes } from 'discord.js';
import { clip } from '../../clip.ts';
import { readPicked } from '../commands.ts';
import { most } from '../render/limits.ts';
import type { Rest } from '../rest.ts';
import { inTime, type Met } from './met.ts';

/** Words for the option that somebody is typing in. */
export async function offerWords(
  rest: Rest,
  { ears, interaction, by, place }: Omit<Met<APIApplicationCommandAutocompleteInteraction>, 'reply'>,
): Promise<void> {
  const picked = readPicked(ears.menu, interaction.data);
  const words = picked?.focused
    ? await inTime(ears, ears.listener.words({ token: picked.item.path, ...picked.focused, by, place })).catch(nothing)
    : [];
  const found = words === 'late' ? [] : words.filter(({ word }) => word.length <= most.choice).slice(0, most.choices);
  const choices = found.map(({ word, about }) => ({
    name: clip(about ? `${word} · ${about}` : word, most.choice),
    value: word,
  }));
  const body = { type: InteractionResponseType.ApplicationCommandAutocompleteResult, data: { choices } };
  await rest.post(Routes.interactionCallback(interaction.id, interaction.token), body, { auth: false });
}

/** While what knows the words is away, people type them themselves. */
const nothing = () => [];
