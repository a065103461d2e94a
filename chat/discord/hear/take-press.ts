import { type APIMessageComponentInteraction, ComponentType, InteractionResponseType } from 'discord.js';
import type { Card } from '#base/card.ts';
import { sentence } from '#base/errors.ts';
import { isForm } from '#chat/form.ts';
import { readButton } from '../confirm.ts';
import { modalOf } from '../modal.ts';
import { inTime, type Met, say } from './met.ts';
import { hidden } from './replies.ts';

/** Hands a press to the bot; one that is asked for once more first, and one that opens a form again, stay here. */
export async function takePress(met: Met<APIMessageComponentInteraction>): Promise<void> {
  const { ears, interaction, reply, by, place } = met;
  const { token, confirm } = readButton(interaction.data.custom_id);
  const again = ears.forms.again(token);
  if (again) return reply.answer(InteractionResponseType.Modal, modalOf(again.form, again.values));
  if (confirm) return askAgain(met, token);
  const coming = ears.listener.press({ id: interaction.id, place, by, token });
  try {
    const heard = await inTime(ears, coming);
    if (isForm(heard)) return await reply.answer(InteractionResponseType.Modal, modalOf(ears.forms.remember(heard)));
    await reply.answer(InteractionResponseType.DeferredMessageUpdate);
    await coming;
  } catch (error) {
    await say(met, `${sentence(error)} Press it again in a moment.`);
  }
}

/** Discord has no dialogs: a private message asks, with the one button. */
async function askAgain(
  { ears, interaction, reply }: Met<APIMessageComponentInteraction>,
  token: string,
): Promise<void> {
  const label = labelOf(interaction) ?? 'this';
  const ask: Card = {
    tone: 'ask',
    fallback: `Really: ${label}?`,
    blocks: [
      { kind: 'text', text: ['Really: ', { b: label }, '?'] },
      { kind: 'actions', actions: [{ label, token, tone: 'danger' }] },
    ],
  };
  await reply.answer(InteractionResponseType.ChannelMessageWithSource, { ...ears.draw(ask), flags: hidden });
}

function labelOf({ message, data }: APIMessageComponentInteraction): string | undefined {
  const parts = (message.components ?? []).flatMap((part) =>
    part.type === ComponentType.Container ? part.components : [part],
  );
  const buttons = parts.flatMap((part) => (part.type === ComponentType.ActionRow ? part.components : []));
  const pressed = buttons.find((one) => 'custom_id' in one && one.custom_id === data.custom_id);
  return pressed && 'label' in pressed ? pressed.label : undefined;
}
