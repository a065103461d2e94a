import { type APIMessageComponentInteraction, InteractionResponseType } from 'discord.js';
import type { Card } from '#base/card.ts';
import { isForm } from '#chat/form.ts';
import { type ButtonId, readButtonId, writeButtonId } from '../button-id.ts';
import { modalOf } from '../modal.ts';
import { buttonsIn } from './buttons.ts';
import { answerAhead, cameOf, inTime, type Met, say, show } from './met.ts';
import { sayNotTaken } from './not-taken.ts';
import { showForm } from './show-form.ts';

/** Hands a press to the bot; one that is asked for once more first, and one that opens a form again, stay here. */
export async function takePress(met: Met<APIMessageComponentInteraction>): Promise<void> {
  const { ears, interaction, reply, by, place } = met;
  const id = readButtonId(interaction.data.custom_id);
  const again = ears.forms.again(id.token);
  if (again) return reply.answer(InteractionResponseType.Modal, modalOf(again.form, again.values));
  if (id.ask !== undefined) return askAgain(met, id);
  const coming = cameOf(ears.listener.press({ id: interaction.id, place, by, token: id.token }));
  const early = await inTime(ears, coming);
  if (early !== 'late') {
    if ('failed' in early) return sayNotTaken(met, early.failed, pressAgain);
    if (isForm(early.heard)) return showForm(met, early.heard, 'press it again.');
  }
  if (id.asked) {
    await answerAhead(met, InteractionResponseType.UpdateMessage, ears.draw(pressed(labelOf(interaction))));
  } else await answerAhead(met, InteractionResponseType.DeferredMessageUpdate);
  const came = await coming;
  if ('failed' in came) return sayNotTaken(met, came.failed, pressAgain);
  if (isForm(came.heard)) await say(met, 'That took too long for a form. Press it again.');
}

const pressAgain = 'Press it again in a moment.';

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
