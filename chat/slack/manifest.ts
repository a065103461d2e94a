import type { MenuItem } from '#chat/menu.ts';
import { slashCommands } from './roots.ts';
import { events, scopes } from './scopes.ts';

export interface ManifestOptions {
  readonly mode: 'socket' | 'http';
  /** The public address of the bot; for `http`. */
  readonly url?: string | undefined;
  readonly prefix?: string;
  readonly name?: string;
}

/** The app manifest, to be pasted at api.slack.com/apps under "From a manifest": plain JSON, version 2 of Slack's schema. */
export function makeManifest(menu: readonly MenuItem[], options: ManifestOptions) {
  const { mode, prefix = '', name = 'Botswain' } = options;
  const at = mode === 'http' ? { url: new URL('slack/events', options.url ?? 'https://bot.example.com/').href } : {};
  const request = 'url' in at ? { request_url: at.url } : {};
  return {
    _metadata: { major_version: 2 },
    display_information: {
      name,
      description: 'Machines on Proxmox VE: plans, approvals and durable jobs.',
      background_color: '#1f2937',
    },
    features: {
      app_home: { home_tab_enabled: true, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      bot_user: { display_name: name.toLowerCase().replace(/[^a-z0-9._-]+/g, '-'), always_online: true },
      slash_commands: slashCommands(menu, prefix).map(({ command, root }) => ({
        command,
        ...described(menu, root),
        // Users, channels and links then arrive with their ids, and nothing is guessed from names.
        should_escape: true,
        ...at,
      })),
    },
    oauth_config: { scopes: { bot: [...scopes] } },
    settings: {
      event_subscriptions: { ...request, bot_events: [...events] },
      interactivity: {
        is_enabled: true,
        ...request,
        ...('url' in at ? { message_menu_options_url: at.url } : {}),
      },
      org_deploy_enabled: false,
      socket_mode_enabled: mode === 'socket',
      token_rotation_enabled: false,
    },
  };
}

function described(menu: readonly MenuItem[], root: string): { description: string; usage_hint: string } {
  const items = menu.filter(({ path }) => path.split(' ')[0] === root);
  const [first] = items;
  if (!first) return { description: 'Any command of Botswain.', usage_hint: 'help' };
  const verbs = items.map(({ path }) => path.split(' ').slice(1).join(' ')).filter((verb) => verb !== '');
  const description = items.length === 1 ? first.about : `${first.about} And ${items.length - 1} more.`;
  const hint = verbs.length > 0 ? verbs.join(' | ') : first.example.replace(/^\/\S+\s*/, '');
  return { description: description.slice(0, 2000), usage_hint: (hint || 'help').slice(0, 1000) };
}
