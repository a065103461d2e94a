import { type APIChatInputApplicationCommandInteraction, InteractionResponseType, MessageFlags } from 'discord.js';
import type { Card } from '#base/card.ts';
import { isForm } from '#chat/form.ts';
import type { Heard } from '#chat/platform.ts';
import { readPicked } from '../commands.ts';
import { answerAhead, type Came, cameOf, inTime, type Met, say } from './met.ts';
import { sayNotTaken } from './not-taken.ts';
import { hidden } from './replies.ts';
import { showForm } from './show-form.ts';

/** Hands the line that was picked to the bot, and shows what came of it: a line for everybody, something private to come, or a form. */
export async function takeCommand(met: Met<APIChatInputApplicationCommandInteraction>): Promise<void> {
  const { ears, interaction, reply, by, place } = met;
  const picked = readPicked(ears.menu, interaction.data);
  if (!picked) return say(met, 'This command is not there any more: Discord will forget it in a moment.');
  const { line } = picked;
  const { id, token } = interaction;
  const coming = cameOf(ears.listener.command({ id, place, by, text: line, reply: ears.sealed(token) }));
  const came = await inTime(ears, coming);
  if (came === 'late') return takeLate(met, line, coming);
  if ('failed' in came) return sayNotTaken(met, came.failed, again, line);
  const { heard } = came;
  if (isForm(heard)) return showForm(met, heard, 'type it again:', line);
  if (heard === 'private') return reply.answer(waits, { flags: hidden });
  const data = { ...ears.draw(typed(line)), flags: MessageFlags.IsComponentsV2 };
  await reply.answer(InteractionResponseType.ChannelMessageWithSource, data);
}

const waits = InteractionResponseType.DeferredChannelMessageWithSource;
const again = 'To try again:';

/** The bot takes its time: Discord is told to wait, privately, since that can't be changed afterwards. */
async function takeLate(met: Met, line: string, coming: Promise<Came<Heard>>): Promise<void> {
  await answerAhead(met, waits, { flags: hidden });
  const came = await coming;
  if ('failed' in came) return sayNotTaken(met, came.failed, again, line);
  const { heard } = came;
  if (isForm(heard)) return say(met, 'That took too long for a form: please type it again.', line);
  if (heard === 'public') await met.reply.whisper(met.ears.draw(typed(line)));
}

/** What was typed, for everybody; the job's own card follows. */
const typed = (line: string): Card => ({
  tone: 'info',
  fallback: line,
  blocks: [{ kind: 'small', text: { code: line } }],
});
