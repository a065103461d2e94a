import { type APIModalSubmitInteraction, InteractionResponseType } from 'discord.js';
import type { Block, Card } from '#base/card.ts';
import { sentence } from '#base/errors.ts';
import type { Filled } from '#chat/platform.ts';
import { valuesOf } from '../modal.ts';
import { buttonsIn } from './buttons.ts';
import { answerAhead, inTime, type Met, show } from './met.ts';
import { maybeTaken } from './not-taken.ts';
import { hidden } from './replies.ts';

/**
 * Hands a form that was sent to the bot. What is wrong with it is said privately, with a button that opens it again as it was filled in; a gateway that did not show it knows only the values, and gives them back as text.
 */
export async function takeForm(met: Met<APIModalSubmitInteraction>): Promise<void> {
  const { ears, interaction, reply } = met;
  const token = interaction.data.custom_id;
  const values = valuesOf(interaction.data);
  const coming = complaintsOf(met, token, values);
  if ((await inTime(ears, coming)) === 'late') {
    await answerAhead(met, InteractionResponseType.DeferredChannelMessageWithSource, { flags: hidden });
  }
  const wrong = await coming;
  const card = wrong.length > 0 ? complaint(wrong, values, ears.forms.keep(token, values, interaction.id)) : taken;
  const { message } = interaction;
  if (reply.answered || !message) return show(met, card);
  // An earlier complaint has done its work; on another message the card itself shows what came of it.
  const complained = buttonsIn(message).some(({ custom_id }) => ears.forms.again(custom_id) !== undefined);
  if (complained) return reply.answer(InteractionResponseType.UpdateMessage, ears.draw(card));
  if (wrong.length > 0) return show(met, card);
  await reply.answer(InteractionResponseType.DeferredMessageUpdate);
}

const taken: Card = { tone: 'info', fallback: 'Taken.', blocks: [{ kind: 'small', text: 'Taken.' }] };

/** What is wrong, as sentences; none when it was kept. */
async function complaintsOf(
  { ears, interaction, by, place }: Met<APIModalSubmitInteraction>,
  token: string,
  values: Filled['values'],
): Promise<readonly string[]> {
  try {
    const complaints = await ears.listener.submit({ id: interaction.id, place, by, token, values });
    return Object.values(complaints ?? {});
  } catch (error) {
    ears.log.warn({ err: error, interaction: interaction.id }, 'a form was not kept');
    return [maybeTaken(error) ?? sentence(error)];
  }
}

function complaint(sentences: readonly string[], values: Filled['values'], again: string | undefined): Card {
  const typed = Object.entries(values).map(([name, value]) => `${name}: ${value === true ? 'yes' : value}`);
  const rest: Block =
    again === undefined
      ? { kind: 'code', text: typed.join('\n') }
      : { kind: 'actions', actions: [{ label: 'Open the form again', token: again }] };
  return {
    tone: 'error',
    fallback: sentences.join(' '),
    blocks: [...sentences.map((text): Block => ({ kind: 'text', text })), rest],
  };
}
