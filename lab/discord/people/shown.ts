import type { Interaction, Modal } from '../interaction.ts';
import type { Message } from '../message.ts';
import type { World } from '../world.ts';
import { textOf } from './look.ts';

/** What a person saw after they did something. */
export interface Shown {
  /**
   * `message` a new one; `thinking` "Botswain is thinking…"; `form` a modal opened; `updated` the message they pressed on changed; `nothing` visible yet
   * (a deferred update); `failed` "The application did not respond".
   */
  readonly what: 'message' | 'thinking' | 'form' | 'updated' | 'nothing' | 'failed';
  /** Live: it changes as the bot edits it. */
  readonly message: Message | undefined;
  readonly modal: Modal | undefined;
  readonly ephemeral: boolean;
  /** What stood there at that moment. */
  readonly text: string;
  /** The interaction's id. */
  readonly id: string;
}

const names = { 4: 'message', 5: 'thinking', 6: 'nothing', 7: 'updated', 8: 'nothing', 9: 'form' } as const;

/** Waits for the first answer, or until the client gives up. */
export async function shownAfter(world: World, interaction: Interaction): Promise<Shown> {
  const withinMs = world.settings.answerMs + 5_000;
  await world.changes.until(() => interaction.answer !== undefined || interaction.failed, 'an answer', { withinMs });
  const { answer, id } = interaction;
  if (!answer) {
    const text = 'The application did not respond';
    return { what: 'failed', message: undefined, modal: undefined, ephemeral: true, text, id };
  }
  const message = world.messages.get(interaction.originalId ?? '');
  const text = message ? textOf(message) : (answer.modal?.title ?? '');
  return { what: names[answer.type], message, modal: answer.modal, ephemeral: answer.ephemeral, text, id };
}
