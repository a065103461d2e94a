import type { Role, World } from '../world.ts';
import { showChannel } from './channel.ts';
import { showMember } from './user.ts';

/** A role object. */
export function showRole(world: World, role: Role): Record<string, unknown> {
  return {
    id: role.id,
    name: role.name,
    permissions: String(role.permissions),
    position: role.position,
    color: role.color,
    colors: { primary_color: role.color, secondary_color: null, tertiary_color: null },
    hoist: false,
    managed: role.managed,
    mentionable: false,
    icon: null,
    unicode_emoji: null,
    flags: 0,
    ...(role.managed ? { tags: { bot_id: world.application.id } } : {}),
  };
}

/** A guild object, as `GET /guilds/{guild}` answers it. */
export function showGuild(world: World): Record<string, unknown> {
  const { guild } = world;
  return {
    id: guild.id,
    name: guild.name,
    icon: null,
    description: null,
    home_header: null,
    splash: null,
    discovery_splash: null,
    features: [],
    banner: null,
    owner_id: guild.ownerId,
    application_id: null,
    region: 'us-west',
    afk_channel_id: null,
    afk_timeout: 300,
    system_channel_id: null,
    system_channel_flags: 0,
    widget_enabled: false,
    widget_channel_id: null,
    verification_level: 0,
    roles: [...world.roles.values()].map((role) => showRole(world, role)),
    default_message_notifications: 0,
    mfa_level: 0,
    explicit_content_filter: 0,
    max_presences: null,
    max_members: 500_000,
    max_stage_video_channel_users: 50,
    max_video_channel_users: 25,
    vanity_url_code: null,
    premium_tier: 0,
    premium_subscription_count: 0,
    preferred_locale: 'en-US',
    rules_channel_id: null,
    safety_alerts_channel_id: null,
    public_updates_channel_id: null,
    premium_progress_bar_enabled: false,
    nsfw: false,
    nsfw_level: 0,
    emojis: [],
    stickers: [],
    incidents_data: null,
  };
}

/** What the gateway tells of a guild after READY. */
export function showGuildCreate(world: World): Record<string, unknown> {
  const channels = [...world.channels.values()];
  return {
    ...showGuild(world),
    joined_at: '2026-01-05T08:00:00.000000+00:00',
    large: false,
    unavailable: false,
    member_count: world.members.size,
    voice_states: [],
    // Without the members' intent a bot is told of itself alone.
    members: [showMember(world, world.application.id)],
    channels: channels.filter(({ kind }) => kind === 'text').map((channel) => showChannel(world, channel)),
    threads: channels
      .filter((channel) => channel.kind === 'thread' && !channel.archived)
      .map((channel) => showChannel(world, channel)),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
}
