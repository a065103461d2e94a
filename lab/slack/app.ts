import { parse } from 'yaml';

/** The app in the workspace: what its manifest says, its tokens, and what is granted. Change it at any time. */
export interface App {
  readonly id: string;
  readonly name: string;
  readonly userId: string;
  readonly botId: string;
  botToken: string;
  appToken: string;
  readonly signingSecret: string;
  /** `installed`; else every call with the bot token is answered so. */
  state: 'installed' | 'token_revoked' | 'account_inactive';
  /** Of the bot token. */
  readonly scopes: Set<string>;
  /** Of the app token. */
  readonly appScopes: Set<string>;
  /** By name with its slash; `undefined` takes any. */
  readonly commands: ReadonlyMap<string, SlashCommand> | undefined;
  /** Names such as `app_mention` and `message.im`; `undefined` brings all. */
  readonly events: ReadonlySet<string> | undefined;
  readonly shortcuts: readonly Shortcut[];
  socketMode: boolean;
  /** Where HTTP mode posts to; used when `socketMode` is off. */
  requestUrl: string | undefined;
  readonly homeTab: boolean;
  /** Whether people can write to it; `false` is the tab switched off. */
  readonly messagesTab: boolean;
}

export interface SlashCommand {
  readonly description: string;
  readonly usageHint: string;
  readonly shouldEscape: boolean;
}

export interface Shortcut {
  readonly name: string;
  readonly callbackId: string;
  readonly type: 'message' | 'global';
}

/** What is read of an app manifest. */
interface Manifest {
  display_information?: { name?: string };
  features?: {
    app_home?: { home_tab_enabled?: boolean; messages_tab_enabled?: boolean };
    bot_user?: { display_name?: string };
    slash_commands?: {
      command: string;
      description?: string;
      usage_hint?: string;
      should_escape?: boolean;
      url?: string;
    }[];
    shortcuts?: { name: string; type: 'message' | 'global'; callback_id: string }[];
  };
  oauth_config?: { scopes?: { bot?: string[] } };
  settings?: {
    event_subscriptions?: { bot_events?: string[]; request_url?: string };
    interactivity?: { is_enabled?: boolean; request_url?: string };
    socket_mode_enabled?: boolean;
  };
}

/** All that the methods here may ask for: what an app without a manifest is granted. */
const allScopes = [
  ...[
    'app_mentions:read',
    'bookmarks:write',
    'chat:write',
    'chat:write.public',
    'commands',
    'files:read',
    'files:write',
  ],
  ...[
    'channels:history',
    'channels:join',
    'channels:read',
    'groups:history',
    'groups:read',
    'im:history',
    'im:read',
    'im:write',
  ],
  ...[
    'metadata.message:read',
    'mpim:history',
    'mpim:read',
    'pins:write',
    'reactions:write',
    'team:read',
    'usergroups:read',
  ],
  ...['users:read', 'users:read.email'],
];

export interface AppOptions {
  /** YAML or JSON, as it is pasted at api.slack.com. Without one every command, event and scope is there. */
  readonly manifest?: string;
  readonly botToken?: string;
  readonly appToken?: string;
  readonly signingSecret?: string;
  /** Where HTTP mode posts to; the manifest's own address can't be reached from here. Switches Socket Mode off. */
  readonly requestUrl?: string;
}

/** Installs an app in the workspace. */
export function installApp({ manifest, botToken, appToken, signingSecret, requestUrl }: AppOptions): App {
  const { features, settings, oauth_config, display_information } = (manifest ? parse(manifest) : {}) as Manifest;
  const commands = features?.slash_commands?.map((one): [string, SlashCommand] => [
    one.command,
    { description: one.description ?? '', usageHint: one.usage_hint ?? '', shouldEscape: one.should_escape ?? false },
  ]);
  return {
    id: 'A0LAB',
    name: features?.bot_user?.display_name ?? display_information?.name ?? 'Botswain',
    userId: 'U0BOT',
    botId: 'B0BOT',
    botToken: botToken ?? 'xoxb-lab-bot-token',
    appToken: appToken ?? 'xapp-1-A0LAB-lab-app-token',
    signingSecret: signingSecret ?? 'the signing secret of the lab',
    state: 'installed',
    scopes: new Set(manifest ? oauth_config?.scopes?.bot : allScopes),
    appScopes: new Set(['connections:write']),
    commands: manifest ? new Map(commands) : undefined,
    events: manifest ? new Set(settings?.event_subscriptions?.bot_events) : undefined,
    shortcuts: (features?.shortcuts ?? []).map(({ name, type, callback_id }) => ({
      name,
      type,
      callbackId: callback_id,
    })),
    socketMode: requestUrl === undefined && (settings?.socket_mode_enabled ?? true),
    requestUrl,
    homeTab: features?.app_home?.home_tab_enabled ?? !manifest,
    messagesTab: features?.app_home?.messages_tab_enabled ?? !manifest,
  };
}
