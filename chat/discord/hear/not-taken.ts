import { fullSentence, RemoteError } from '#base/errors.ts';
import { type Met, say } from './met.ts';

/** Tells who did something that it was not kept, and to do it again; the line to copy, if one was typed. Only for what the bot itself refused: an answer that Discord lost changes nothing of what was kept. */
export async function sayNotTaken(met: Met, error: unknown, again: string, line?: string): Promise<void> {
  met.ears.log.warn({ err: error, interaction: met.interaction.id }, 'what somebody did was not kept');
  await say(met, maybeTaken(error) ?? `${fullSentence(error)} ${again}`, line);
}

/** What to do first when nobody knows whether it was kept; undefined when it was not. */
export function maybeTaken(error: unknown): string | undefined {
  if (!(error instanceof RemoteError) || error.outcome !== 'unknown') return undefined;
  return `${fullSentence(error)} Before you do it again, look whether it is there: /job list`;
}
