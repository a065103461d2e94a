import type { Command } from '../../command.ts';
import { type CommandBody, changeCommand, commandsIn, replaceCommands, saveCommand } from '../../commands.ts';
import { DiscordError } from '../../error.ts';
import { answers, requests } from '../../rules/schemas.ts';
import { showCommand } from '../../show/command.ts';
import { type Asking, part, type Route } from '../route.ts';
import { checkGuild } from './guilds.ts';

/** Slash commands, those of all guilds and those of one. */
export const commandRoutes: readonly Route[] = [
  ...routesUnder('/applications/{application}/commands'),
  ...routesUnder('/applications/{application}/guilds/{guild}/commands'),
];

function routesUnder(base: string): Route[] {
  const one = `${base}/{command}`;
  return [
    {
      method: 'GET',
      path: base,
      answer: answers.commands,
      run: (asking) => commandsIn(asking.world, scope(asking)).map((command) => showCommand(asking.world, command)),
    },
    {
      method: 'PUT',
      path: base,
      request: requests.commands,
      answer: answers.commands,
      run: (asking) =>
        replaceCommands(asking.world, asking.where, scope(asking), asking.body as CommandBody[]).map((command) =>
          showCommand(asking.world, command),
        ),
    },
    {
      method: 'POST',
      path: base,
      request: requests.command,
      answer: answers.command,
      run: (asking) =>
        showCommand(asking.world, saveCommand(asking.world, asking.where, scope(asking), asking.body as CommandBody)),
    },
    {
      method: 'GET',
      path: one,
      answer: answers.command,
      run: (asking) => showCommand(asking.world, find(asking)),
    },
    {
      method: 'PATCH',
      path: one,
      request: requests.commandEdit,
      answer: answers.command,
      run: (asking) => {
        const { world, where, body } = asking;
        return showCommand(world, changeCommand(world, where, find(asking), body as Partial<CommandBody>));
      },
    },
    {
      method: 'DELETE',
      path: one,
      run: (asking) => {
        asking.world.commands.delete(find(asking).id);
        asking.world.changes.tell();
      },
    },
  ];
}

function find(asking: Asking): Command {
  const command = asking.world.commands.get(part(asking, 'command'));
  if (!command || command.guildId !== scope(asking)) throw new DiscordError(10063);
  return command;
}

/** The guild whose commands are meant; `undefined` for those of all guilds. */
function scope(asking: Asking): string | undefined {
  if (part(asking, 'application') !== asking.world.application.id) throw new DiscordError(50001);
  return asking.path.guild === undefined ? undefined : checkGuild(asking);
}
