/** What the bot's token must be allowed, and why. */
const reasons: Readonly<Record<string, string>> = {
  commands: 'slash commands',
  'chat:write': 'posting and editing messages',
  'chat:write.public': 'answering in public channels that it was not invited to',
  'app_mentions:read': 'hearing @botswain',
  'im:history': 'hearing direct messages',
  'im:write': 'writing direct messages',
  'channels:history': 'finding in a channel what was posted already',
  'groups:history': 'the same in private channels',
  'metadata.message:read': 'knowing its own messages again',
  'users:read': "people's names",
  'usergroups:read': 'user groups as groups in rules',
  'files:write': 'logs as files',
  'reactions:write': 'marking a mention as heard',
};

export const scopes: readonly string[] = Object.keys(reasons);

/** What a scope is for, in a few words. */
export function reasonFor(scope: string): string | undefined {
  return reasons[scope];
}

export const events = [
  'app_home_opened',
  'app_mention',
  'app_uninstalled',
  'message.im',
  'subteam_created',
  'subteam_members_changed',
  'subteam_updated',
  'tokens_revoked',
] as const;
