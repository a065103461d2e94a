import { type APIModalSubmitInteraction, InteractionResponseType } from 'discord.js';
import type { Card } from '#base/card.ts';
import { sentence } from '#base/errors.ts';
import { valuesOf } from '../modal.ts';
import type { Met } from './met.ts';
import { hidden } from './replies.ts';

/** Hands a form that was sent to the bot. What is wrong with it is said privately, with a button that opens it again as it was filled in. */
export async function takeForm(met: Met<APIModalSubmitInteraction>): Promise<void> {
  const { ears, interaction, reply, by, place } = met;
  const token = interaction.data.custom_id;
  const values = valuesOf(interaction.data);
  let wrong: readonly string[];
  try {
    const complaints = await ears.listener.submit({ id: interaction.id, place, by, token, values });
    wrong = Object.values(complaints ?? {});
  } catch (error) {
    wrong = [sentence(error)];
  }
  const again = wrong.length > 0 ? ears.forms.keep(token, values, interaction.id) : undefined;
  const card = wrong.length > 0 ? complaint(wrong, again) : taken;
  await reply.answer(InteractionResponseType.ChannelMessageWithSource, { ...ears.draw(card), flags: hidden });
}

const taken: Card = { tone: 'info', fallback: 'Taken.', blocks: [{ kind: 'small', text: 'Taken.' }] };

function complaint(sentences: readonly string[], again: string | undefined): Card {
  return {
    tone: 'error',
    fallback: sentences.join(' '),
    blocks: [
      ...sentences.map((text) => ({ kind: 'text' as const, text })),
      ...(again === undefined
        ? []
        : [{ kind: 'actions' as const, actions: [{ label: 'Open the form again', token: again }] }]),
    ],
  };
}
