import { RemoteError, UserError } from '#base/errors.ts';
import { whereAppToken, whereBotToken } from './condition.ts';
import { classified, codeOf, missingScope, scopeSentence, tokenTrouble } from './errors.ts';

/** Why Slack can't be used with this token: a `UserError` when a person has to put it right, otherwise what may pass. */
export function startError(error: unknown, which: 'bot' | 'app'): Error {
  if (error instanceof UserError) return error;
  const code = codeOf(error) ?? '';
  const scope = missingScope(error);
  if (scope !== undefined && which === 'bot') return new UserError(scopeSentence([scope]), { cause: error });
  if (scope !== undefined || (which === 'app' && code === 'not_allowed_token_type')) {
    return new UserError(`slack.appToken may not open sockets (${code}).`, { hint: whereAppToken, cause: error });
  }
  if (/socket_mode/.test(code) || code === 'link_disabled') return socketModeOff(error);
  const trouble = tokenTrouble(code);
  if (trouble !== undefined) {
    const hint = which === 'app' ? whereAppToken : whereBotToken;
    return new UserError(`slack.${which}Token: ${trouble} (${code}).`, { hint, cause: error });
  }
  const known = classified(error);
  if (known instanceof RemoteError || known instanceof UserError) return known;
  return new RemoteError('Slack', String(known instanceof Error ? known.message : known), {
    outcome: 'passing',
    cause: error,
  });
}

export function socketModeOff(cause?: unknown): UserError {
  return new UserError('Socket Mode is off for this Slack app.', {
    hint: 'Turn it on at api.slack.com/apps, Socket Mode; or set slack.mode to http.',
    cause,
  });
}
