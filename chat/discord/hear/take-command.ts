import { type APIChatInputApplicationCommandInteraction, InteractionResponseType, MessageFlags } from 'discord.js';
import type { Card } from '#base/card.ts';
import { sentence } from '#base/errors.ts';
import { isForm } from '#chat/form.ts';
import { readPicked } from '../commands.ts';
import { modalOf } from '../modal.ts';
import { inTime, type Met, say } from './met.ts';
import { hidden } from './replies.ts';

/** Hands the line that was picked to the bot, and shows what came of it: a line for everybody, something private to come, or a form. */
export async function takeCommand(met: Met<APIChatInputApplicationCommandInteraction>): Promise<void> {
  const { ears, interaction, reply, by, place } = met;
  const picked = readPicked(ears.menu, interaction.data);
  if (!picked) return say(met, 'This command is not there any more: Discord will forget it in a moment.');
  const { line } = picked;
  const { id, token } = interaction;
  const coming = ears.listener.command({ id, place, by, text: line, reply: ears.sealed(token) });
  try {
    const heard = await inTime(ears, coming);
    if (heard === 'late') return await takeLate(met, line, coming);
    if (isForm(heard)) return await reply.answer(InteractionResponseType.Modal, modalOf(ears.forms.remember(heard)));
    if (heard === 'private') return await reply.answer(waits, { flags: hidden });
    const data = { ...ears.draw(typed(line)), flags: MessageFlags.IsComponentsV2 };
    await reply.answer(InteractionResponseType.ChannelMessageWithSource, data);
  } catch (error) {
    await say(met, `${sentence(error)} To try again:`, line);
  }
}

const waits = InteractionResponseType.DeferredChannelMessageWithSource;

/** The bot takes its time: Discord is told to wait, privately, since that can't be changed afterwards. */
async function takeLate(
  met: Met<APIChatInputApplicationCommandInteraction>,
  line: string,
  coming: Promise<unknown>,
): Promise<void> {
  await met.reply.answer(waits, { flags: hidden });
  const heard = await coming;
  if (isForm(heard)) return say(met, 'That took too long for a form: please type it again.', line);
  if (heard === 'public') await met.reply.whisper(met.ears.draw(typed(line)));
}

/** What was typed, for everybody; the job's own card follows. */
const typed = (line: string): Card => ({
  tone: 'info',
  fallback: line,
  blocks: [{ kind: 'small', text: { code: line } }],
});
