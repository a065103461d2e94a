import type { Command } from '#commands/command.ts';
import { readArgs } from '#commands/read.ts';
import type { Action } from '#policy/authorize.ts';

/** What a line is about to do, as rules see it. Throws a `UserError` when that depends on words that can't be read. */
export function actionOf(command: Command, words: readonly string[]): Action {
  return command.joins?.(readArgs(command, words)) ? { kind: 'join' } : { kind: 'command', command };
}
