import type { Command } from '../command.ts';
import type { World } from '../world.ts';

/** A command object, as it is answered after being registered. */
export function showCommand(world: World, command: Command): Record<string, unknown> {
  const { more } = command;
  return {
    id: command.id,
    application_id: world.application.id,
    version: command.version,
    type: command.type,
    name: command.name,
    name_localizations: more.name_localizations ?? null,
    description: command.description,
    description_localizations: more.description_localizations ?? null,
    default_member_permissions:
      more.default_member_permissions === undefined || more.default_member_permissions === null
        ? null
        : String(more.default_member_permissions),
    nsfw: false,
    integration_types: more.integration_types ?? [0],
    ...(command.guildId === undefined
      ? { dm_permission: more.dm_permission ?? true, contexts: more.contexts ?? null }
      : { guild_id: command.guildId, contexts: null }),
    ...(command.options.length === 0 ? {} : { options: command.options }),
  };
}
