import { type RESTGetAPIApplicationCommandsResult, Routes } from 'discord.js';
import type { Log } from '#base/log.ts';
import type { MenuItem } from '#chat/menu.ts';
import { sameCommand, slashCommands } from './commands.ts';
import type { Rest } from './rest.ts';

/** Registers what differs from what is registered: Discord lets an application make 200 commands a day. */
export async function registerCommands(
  rest: Rest,
  {
    application,
    guild,
    menu,
    log,
  }: { application: string; guild: string | undefined; menu: readonly MenuItem[]; log: Log },
): Promise<void> {
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
}
