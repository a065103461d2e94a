import type { Command, Option } from '../command.ts';
import { may, permissionBits, permissionsIn } from '../permissions.ts';
import type { Channel, World } from '../world.ts';
import { ClientRefusal } from './refusal.ts';

/** A command down to its last word: `vm create` with its own options. */
export interface Entry {
  readonly command: Command;
  /** `['create']`, `['disk', 'grow']`, or empty. */
  readonly below: readonly Option[];
  /** `vm create` */
  readonly name: string;
  readonly options: readonly Option[];
}

/** What a person is offered after `/` in a channel. */
export function menuFor(world: World, userId: string, channel: Channel): readonly Entry[] {
  if (channel.kind !== 'dm' && !may(world, userId, channel, 'useApplicationCommands')) return [];
  const fits = (command: Command) =>
    command.type === 1 &&
    (channel.kind === 'dm' ? command.guildId === undefined && takesDirect(command) : true) &&
    mayUse(world, userId, channel, command);
  return [...world.commands.values()].filter(fits).flatMap((command) => entriesOf(command, [], command.options));
}

/** The entry of this name, or why there is none. */
export function entryNamed(world: World, userId: string, channel: Channel, name: string): Entry {
  const menu = menuFor(world, userId, channel);
  const entry = menu.find((one) => one.name === name);
  if (entry) return entry;
  const names = menu.map((one) => `/${one.name}`).join(', ') || 'none';
  throw new ClientRefusal(`There is no command /${name} here. There are: ${names}.`);
}

function entriesOf(command: Command, below: readonly Option[], options: readonly Option[]): Entry[] {
  const branches = options.filter(({ type }) => type <= 2);
  const name = [command.name, ...below.map((option) => option.name)].join(' ');
  if (branches.length === 0) return [{ command, below, name, options }];
  return branches.flatMap((branch) => entriesOf(command, [...below, branch], branch.options ?? []));
}

function takesDirect({ more }: Command): boolean {
  if (Array.isArray(more.contexts)) return more.contexts.includes(1);
  return more.dm_permission !== false;
}

function mayUse(world: World, userId: string, channel: Channel, { more }: Command): boolean {
  const wanted = more.default_member_permissions;
  if (wanted === undefined || wanted === null || channel.kind === 'dm') return true;
  const bits = permissionsIn(world, userId, channel);
  if (bits & permissionBits.administrator) return true;
  return BigInt(String(wanted)) !== 0n && (bits & BigInt(String(wanted))) === BigInt(String(wanted));
}
