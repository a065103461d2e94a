import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api';
import { RemoteError } from '#base/errors.ts';
import { TooLong } from '#base/read-at-most.ts';
import { DeliveryError, type Why } from '#chat/delivery-error.ts';
import { reasonFor } from './scopes.ts';

const system = 'Slack';

/** What Slack answers when a message cannot be brought, and what to do instead. */
const refusals: Readonly<Record<string, readonly [Why, string]>> = {
  message_not_found: ['gone', 'the message is not there any more.'],
  edit_window_closed: ['sealed', 'this workspace lets nobody edit a message that old.'],
  cant_update_message: ['sealed', 'the message cannot be edited any more.'],
  is_archived: ['closed', 'the channel is archived.'],
  not_in_channel: ['closed', 'I am not in this channel: invite me with /invite @botswain.'],
  channel_not_found: ['closed', 'I can’t see this channel: invite me with /invite @botswain.'],
  user_not_in_channel: ['closed', 'this person is not in the channel.'],
  thread_not_found: ['closed', 'the thread was deleted.'],
  cannot_reply_to_message: ['closed', 'the thread takes no answers.'],
  user_not_found: ['closed', 'this person is not in the workspace.'],
  user_disabled: ['closed', 'this person’s account is deactivated.'],
  cannot_dm_bot: ['closed', 'a bot takes no direct messages.'],
  messages_tab_disabled: ['closed', 'direct messages are off: turn on the Messages tab under App Home.'],
  message_limit_exceeded: ['busy', 'too many messages.'],
  rate_limited: ['busy', 'too many messages.'],
  ratelimited: ['busy', 'too many messages.'],
};

/** Nothing happened there, and it may go well once the token or Slack is put right. */
const passing = new Set([
  'service_unavailable',
  'request_timeout',
  'team_added_to_org',
  'org_login_required',
  'hash_conflict',
]);
/** Some of it may have happened. */
const unknown = new Set(['internal_error', 'fatal_error']);

/** What is wrong with a token, in words; undefined when Slack complains of something else. */
export function tokenTrouble(code: string): string | undefined {
  const words: Readonly<Record<string, string>> = {
    invalid_auth: 'Slack does not know the token',
    not_authed: 'Slack got no token',
    not_allowed_token_type: 'Slack wants another kind of token here',
    account_inactive: 'the app was removed from the workspace, or its token is deactivated',
    token_revoked: 'the token was revoked',
    token_expired: 'the token has expired',
  };
  return words[code];
}

/** Slack's code of an error: `not_in_channel`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof WebAPIPlatformError ? error.data.error : undefined;
}

/** The scope that a call would have needed. */
export function missingScope(error: unknown): string | undefined {
  if (codeOf(error) !== 'missing_scope') return undefined;
  const { needed } = (error as WebAPIPlatformError).data as { needed?: unknown };
  return typeof needed === 'string' ? needed : 'unknown';
}

export function scopeSentence(scopes: readonly string[]): string {
  const named = scopes.map((scope) => (reasonFor(scope) ? `${scope} (${reasonFor(scope)})` : scope));
  const many = named.length > 1;
  return (
    `The Slack app lacks the scope${many ? 's' : ''} ${named.join(', ')}. Add ${many ? 'them' : 'it'} under OAuth & Permissions, ` +
    'then reinstall the app to the workspace.'
  );
}

/** A failure of a call to Slack as the bot understands it: a `DeliveryError` when it says what to do instead, a `RemoteError` otherwise. */
export function classified(error: unknown): unknown {
  if (error instanceof WebAPIRateLimitedError) {
    const retryAfterMs = error.retryAfter * 1000;
    return new DeliveryError(system, 'busy', `too much at once, wait ${error.retryAfter} s.`, {
      retryAfterMs,
      cause: error,
    });
  }
  if (error instanceof WebAPIHTTPError) {
    const outcome = error.statusCode >= 500 ? 'unknown' : 'permanent';
    return new RemoteError(system, `HTTP ${error.statusCode} ${error.statusMessage}`, { outcome, cause: error });
  }
  if (error instanceof WebAPIRequestError && error.original instanceof TooLong) {
    return new RemoteError(system, `its answer is ${error.original.message}`, { outcome: 'unknown', cause: error });
  }
  if (error instanceof WebAPIRequestError) {
    const outcome = neverSent(error.original) ? 'passing' : 'unknown';
    return new RemoteError(system, `can't be reached: ${reasonOf(error.original)}`, { outcome, cause: error });
  }
  const code = codeOf(error);
  return code === undefined ? error : refused(code, error);
}

function refused(code: string, error: unknown): RemoteError {
  const scope = missingScope(error);
  if (scope !== undefined) return new DeliveryError(system, 'refused', scopeSentence([scope]), { cause: error });
  const token = tokenTrouble(code);
  if (token !== undefined) return new RemoteError(system, `${token} (${code}).`, { outcome: 'passing', cause: error });
  if (passing.has(code)) return new RemoteError(system, code, { outcome: 'passing', cause: error });
  if (unknown.has(code)) return new RemoteError(system, code, { outcome: 'unknown', cause: error });
  if (code.startsWith('restricted_action')) {
    return new DeliveryError(system, 'closed', `this channel does not let me post (${code}).`, { cause: error });
  }
  const [why, sentence] = refusals[code] ?? ['refused', `it does not take this (${code}).`];
  return new DeliveryError(system, why, sentence, { cause: error });
}

const neverSent = (error: Error): boolean => /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH/.test(reasonOf(error));

/** `fetch` hides the reason in the cause. */
function reasonOf(error: Error): string {
  const cause = error.cause as { code?: string; message?: string } | undefined;
  return [error.message, cause?.code ?? cause?.message].filter(Boolean).join(': ');
}
