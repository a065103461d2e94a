import { InteractionResponseType } from 'discord.js';
import { fullSentence } from '#base/errors.ts';
import type { Form } from '#chat/form.ts';
import { modalOf } from '../modal.ts';
import { type Met, say } from './met.ts';

/** Shows a form. Nothing was kept by then: so when it may not have come, who asked for it is told how to ask again. */
export async function showForm(met: Met, form: Form, again: string, line?: string): Promise<void> {
  const { ears, reply } = met;
  try {
    await reply.answer(InteractionResponseType.Modal, modalOf(ears.forms.remember(form)));
  } catch (error) {
    const reason = fullSentence(error);
    ears.log.warn({ reason }, 'a form could not be shown');
    await say(met, `${reason} If no form came, ${again}`, line);
  }
}
