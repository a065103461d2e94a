import { type APIMessageComponentInteraction, InteractionResponseType } from 'discord.js';
import type { Card } from '#base/card.ts';
import { sentence } from '#base/errors.ts';
import { isForm } from '#chat/form.ts';
import { type ButtonId, readButtonId, writeButtonId } from '../button-id.ts';
import { modalOf } from '../modal.ts';
import { buttonsIn } from './buttons.ts';
import { inTime, type Met, say, show } from './met.ts';

/** Hands a press to the bot; one that is asked for once more first, and one that opens a form again, stay here. */
export async function takePress(met: Met<APIMessageComponentInteraction>): Promise<void> {
  const { ears, interaction, reply, by, place } = met;
  const id = readButtonId(interaction.data.custom_id);
  const again = ears.forms.again(id.token);
  if (again) return reply.answer(InteractionResponseType.Modal, modalOf(again.form, again.values));
  if (id.ask !== undefined) return askAgain(met, id);
  const coming = ears.listener.press({ id: interaction.id, place, by, token: id.token });
  try {
    const heard = await inTime(ears, coming);
    if (isForm(heard)) return await reply.answer(InteractionResponseType.Modal, modalOf(ears.forms.remember(heard)));
    if (id.asked) await reply.answer(InteractionResponseType.UpdateMessage, ears.draw(pressed(labelOf(interaction))));
    else await reply.answer(InteractionResponseType.DeferredMessageUpdate);
    if (isForm(await coming)) await say(met, 'That took too long for a form. Press it again.');
  } catch (error) {
    await say(met, `${sentence(error)} Press it again in a moment.`);
  }
}

/** A private message asks, with the one button. */
async function askAgain(met: Met<APIMessageComponentInteraction>, { token, ask }: ButtonId): Promise<void> {
  const label = labelOf(met.interaction);
  await show(met, {
    tone: 'ask',
    fallback: `${label}: ${ask || 'really?'}`,
    blocks: [
      { kind: 'text', text: [{ b: label }, `: ${ask || 'really?'}`] },
      { kind: 'actions', actions: [{ label, token: writeButtonId({ token, asked: true }), tone: 'danger' }] },
    ],
  });
}

/** What becomes of the message that asked. */
const pressed = (label: string): Card => ({
  tone: 'info',
  fallback: `${label}: pressed.`,
  blocks: [{ kind: 'small', text: `${label}: pressed.` }],
});

function labelOf({ message, data }: APIMessageComponentInteraction): string {
  return buttonsIn(message).find(({ custom_id }) => custom_id === data.custom_id)?.label ?? 'This';
}
