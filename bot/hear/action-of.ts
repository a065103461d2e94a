import { UserError } from '#base/errors.ts';
import type { Command } from '#commands/command.ts';
import { findCommand } from '#commands/find.ts';
import { readArgs } from '#commands/read.ts';
import type { Action } from '#policy/authorize.ts';

/** What a line is about to do, as rules see it. Throws a `UserError` when it can't be told from its words who may. */
export function actionOf(command: Command, words: readonly string[]): Action {
  if (command.joins?.(readArgs(command, words))) return { kind: 'join' };
  return { kind: 'command', command, also: alsoOf(command, words) };
}

/** The commands whose work a line that started a job does besides its own. */
export function alsoIn(table: readonly Command[], line: string): readonly Command[] {
  return unlessUnreadable(() => {
    const { command, words } = findCommand(table, line);
    return alsoOf(command, words);
  });
}

function alsoOf(command: Command, words: readonly string[]): readonly Command[] {
  return unlessUnreadable(() => command.also?.(readArgs(command, words)) ?? []);
}

/** Nothing is done by a line that can't be read. */
function unlessUnreadable(read: () => readonly Command[]): readonly Command[] {
  try {
    return read();
  } catch (error) {
    if (error instanceof UserError) return [];
    throw error;
  }
}
