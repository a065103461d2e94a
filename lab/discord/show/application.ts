import type { World } from '../world.ts';
import { showUser, userOf } from './user.ts';

/** GATEWAY_PRESENCE_LIMITED, GUILD_MEMBERS_LIMITED and MESSAGE_CONTENT_LIMITED say which privileged intents were granted. */
function flagsOf(world: World): number {
  const granted = (intent: number) => (world.settings.refusedIntents & intent) === 0;
  return (granted(1 << 8) ? 1 << 13 : 0) | (granted(1 << 1) ? 1 << 15 : 0) | (granted(1 << 15) ? 1 << 19 : 0);
}

/** The application as its own bot sees it. */
export function showApplication(world: World): Record<string, unknown> {
  return {
    id: world.application.id,
    name: world.application.name,
    icon: null,
    description: '',
    type: null,
    flags: flagsOf(world),
    flags_new: String(flagsOf(world)),
    bot: showUser(userOf(world, world.application.id)),
    bot_public: false,
    bot_require_code_grant: false,
    integration_types_config: { '0': {} },
    verify_key: '0'.repeat(64),
    redirect_uris: [],
    interactions_endpoint_url: null,
    role_connections_verification_url: null,
    owner: showUser(userOf(world, world.guild.ownerId)),
    approximate_guild_count: 1,
    approximate_user_install_count: 0,
    approximate_user_authorization_count: 0,
    event_webhooks_status: 1,
    explicit_content_filter: 0,
    team: null,
    eligible_oauth2_scopes: [],
  };
}
