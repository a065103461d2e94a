import { type RESTGetAPIApplicationCommandsResult, Routes } from 'discord.js';
import type { Log } from '#base/log.ts';
import type { MenuItem } from '#chat/menu.ts';
import { sameCommand, slashCommands } from './commands.ts';
import { notInServer } from './errors.ts';
import type { Rest } from './rest.ts';

export interface Registering {
  readonly application: string;
  /** Undefined: for every server. */
  readonly guild: string | undefined;
  readonly menu: readonly MenuItem[];
  readonly log: Log;
}

/** Registers what differs from what is registered: Discord lets an application make 200 commands a day. */
export async function registerCommands(rest: Rest, registering: Registering): Promise<void> {
  try {
    await registerChanges(rest, registering);
  } catch (error) {
    throw notInServer(error, registering.guild) ?? error;
  }
}

async function registerChanges(rest: Rest, { application, guild, menu, log }: Registering): Promise<void> {
  const all = guild ? Routes.applicationGuildCommands(application, guild) : Routes.applicationCommands(application);
  const one = (id: string) =>
    guild ? Routes.applicationGuildCommand(application, guild, id) : Routes.applicationCommand(application, id);
  const known = await rest.get<RESTGetAPIApplicationCommandsResult>(all);
  const wanted = slashCommands(menu);
  for (const command of wanted) {
    const before = known.find(({ name }) => name === command.name);
    if (before && sameCommand(command, before)) continue;
    await rest.post(all, command);
    log.info({ command: command.name }, before ? 'a command of Discord was changed' : 'a command of Discord was made');
  }
  for (const command of known) {
    if (command.type !== 1 || wanted.some(({ name }) => name === command.name)) continue;
    await rest.delete(one(command.id));
    log.info({ command: command.name }, 'a command of Discord was removed');
  }
  if (guild) await removeGlobal(rest, { application, names: new Set(wanted.map(({ name }) => name)), log });
}

/** Those that were registered for every server, when no server was configured yet: people would be shown each command twice. */
async function removeGlobal(
  rest: Rest,
  { application, names, log }: { application: string; names: ReadonlySet<string>; log: Log },
): Promise<void> {
  const known = await rest.get<RESTGetAPIApplicationCommandsResult>(Routes.applicationCommands(application));
  for (const { id, name } of known.filter((command) => command.type === 1 && names.has(command.name))) {
    await rest.delete(Routes.applicationCommand(application, id));
    log.info({ command: name }, 'a command of Discord for every server was removed');
  }
}
