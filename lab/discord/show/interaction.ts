import type { Interaction } from '../interaction.ts';
import { permissionsIn } from '../permissions.ts';
import type { World } from '../world.ts';
import { showChannel } from './channel.ts';
import { showMessage } from './message.ts';
import { showActingMember, showUser, userOf } from './user.ts';

/** An interaction as the gateway brings it. Unlike most of the gateway's payloads no schema is published for it; its form follows recordings. */
export function showInteraction(world: World, interaction: Interaction): Record<string, unknown> {
  const channel = world.channels.get(interaction.channelId);
  if (!channel) throw new Error(`There is no channel ${interaction.channelId} in the lab.`);
  const user = userOf(world, interaction.userId);
  const message = interaction.messageId === undefined ? undefined : world.messages.get(interaction.messageId);
  const inGuild = channel.kind !== 'dm';
  return {
    id: interaction.id,
    application_id: world.application.id,
    type: interaction.type,
    token: interaction.token,
    version: 1,
    data: interaction.data,
    channel_id: channel.id,
    channel: {
      ...showChannel(world, channel),
      ...(inGuild ? { permissions: String(permissionsIn(world, user.id, channel)) } : {}),
    },
    ...(inGuild
      ? {
          guild_id: world.guild.id,
          guild: { id: world.guild.id, locale: 'en-US', features: [] },
          guild_locale: 'en-US',
          member: showActingMember(world, user.id, channel),
        }
      : { user: showUser(user) }),
    ...(message ? { message: showMessage(world, message) } : {}),
    app_permissions: String(permissionsIn(world, world.application.id, channel)),
    locale: user.locale,
    entitlements: [],
    entitlement_sku_ids: [],
    authorizing_integration_owners: { '0': inGuild ? world.guild.id : '0' },
    context: inGuild ? 0 : 1,
    attachment_size_limit: world.settings.mostFileBytes,
  };
}
