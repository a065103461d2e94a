import type { AuthTestResponse, WebClient } from '@slack/web-api';
import type { Clock } from '#base/clock.ts';
import { sentence, UserError } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import type { Condition } from './condition.ts';
import { scopeSentence } from './errors.ts';
import { scopes } from './scopes.ts';
import { startError } from './start-error.ts';

/** Who the bot is in which workspace (auth.test). Throws a `UserError` when the token is wrong or lacks a scope, naming it. */
export async function whoAmI(api: WebClient): Promise<{ team: string; user: string; bot: string }> {
  const answer = await api.auth.test().catch((error: unknown) => {
    throw startError(error, 'bot');
  });
  const missing = missingIn(answer);
  if (missing.length > 0) throw new UserError(scopeSentence(missing));
  const { team_id: team, user_id: user, bot_id: bot } = answer;
  if (team && user && bot) return { team, user, bot };
  throw new UserError('slack.botToken is not a bot’s.', {
    hint: 'Take the Bot User OAuth Token, which begins with xoxb-.',
  });
}

const everyMs = 5 * 60_000;

/** Looks every 5 minutes whether the token still holds and has its scopes; resolves when the signal is aborted. */
export async function keepLooking(
  api: WebClient,
  { condition, clock, log }: { condition: Condition; clock: Clock; log: Log },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // The signal alone ends it.
    await clock.sleep(everyMs, signal).catch(() => undefined);
    if (signal.aborted) return;
    try {
      const missing = missingIn(await condition.call(() => api.auth.test()));
      if (missing.length > 0) condition.wrong('scope', scopeSentence(missing));
      else condition.right('scope');
    } catch (error) {
      log.warn({ reason: sentence(error) }, 'Slack did not say who the bot is');
    }
  }
}

/** Slack says with every answer what the token is allowed. */
function missingIn({ response_metadata: more }: AuthTestResponse): string[] {
  const granted = more?.scopes;
  return granted ? scopes.filter((scope) => !granted.includes(scope)) : [];
}
