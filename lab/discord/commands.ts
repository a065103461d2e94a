import type { Command, Option } from './command.ts';
import { DiscordError } from './error.ts';
import { checkCommand } from './rules/command.ts';
import type { World } from './world.ts';

/** A command as it is registered. */
export interface CommandBody {
  readonly name: string;
  readonly type?: number | null;
  readonly description?: string | null;
  readonly options?: readonly Option[] | null;
  readonly [more: string]: unknown;
}

export function commandsIn(world: World, guildId: string | undefined): Command[] {
  return [...world.commands.values()].filter((command) => command.guildId === guildId);
}

/** Makes a command, or replaces the one of that name. 30032 over a hundred, 30034 over 200 new ones in a day. */
export function saveCommand(world: World, where: string, guildId: string | undefined, body: CommandBody): Command {
  checkCommand(world, where, body);
  const type = body.type ?? 1;
  const before = commandsIn(world, guildId).find((command) => command.name === body.name && command.type === type);
  if (before) return Object.assign(before, contentOf(world, body));
  if (commandsIn(world, guildId).length >= 100) throw new DiscordError(30032);
  countCreation(world);
  const command: Command = { id: world.newId(), guildId, name: body.name, type, ...contentOf(world, body) };
  world.commands.set(command.id, command);
  world.changes.tell();
  return command;
}

/** All commands of a scope at once: what is not named is gone; what stays keeps its id. */
export function replaceCommands(
  world: World,
  where: string,
  guildId: string | undefined,
  bodies: readonly CommandBody[],
): Command[] {
  if (bodies.length > 100) throw new DiscordError(30032);
  for (const [place, body] of bodies.entries()) checkCommand(world, where, body, [place], bodies.slice(0, place));
  const kept = (command: Command) =>
    bodies.some((body) => body.name === command.name && (body.type ?? 1) === command.type);
  for (const command of commandsIn(world, guildId)) if (!kept(command)) world.commands.delete(command.id);
  return bodies.map((body) => saveCommand(world, where, guildId, body));
}

/** Changes what the body names. */
export function changeCommand(world: World, where: string, command: Command, body: Partial<CommandBody>): Command {
  const whole: CommandBody = {
    ...command.more,
    name: command.name,
    type: command.type,
    description: command.description,
    options: command.options,
    ...body,
  };
  checkCommand(world, where, whole);
  return Object.assign(command, { name: whole.name }, contentOf(world, whole));
}

function contentOf(world: World, body: CommandBody): Pick<Command, 'version' | 'description' | 'options' | 'more'> {
  return {
    version: world.newId(),
    description: body.description ?? '',
    options: body.options ?? [],
    more: body,
  };
}

function countCreation(world: World): void {
  const { commandsMadeAt } = world.application;
  const day = world.clock.now() - 86_400_000;
  while ((commandsMadeAt[0] ?? day + 1) <= day) commandsMadeAt.shift();
  if (commandsMadeAt.length >= 200) throw new DiscordError(30034);
  commandsMadeAt.push(world.clock.now());
}
