import type { WebClient } from '@slack/web-api';
import { UserError } from '#base/errors.ts';
import { scopeSentence } from './errors.ts';
import { scopes } from './scopes.ts';
import { startError } from './start-error.ts';

/** Who the bot is in which workspace (auth.test). Throws a `UserError` when the token is wrong or lacks a scope, naming it. */
export async function whoAmI(api: WebClient): Promise<{ team: string; user: string; bot: string }> {
  const answer = await api.auth.test().catch((error: unknown) => {
    throw startError(error, 'bot');
  });
  const granted = answer.response_metadata?.scopes;
  const missing = granted ? scopes.filter((scope) => !granted.includes(scope)) : [];
  if (missing.length > 0) throw new UserError(scopeSentence(missing));
  const { team_id: team, user_id: user, bot_id: bot } = answer;
  if (team && user && bot) return { team, user, bot };
  throw new UserError('slack.botToken is not a bot’s.', {
    hint: 'Take the Bot User OAuth Token, which begins with xoxb-.',
  });
}
