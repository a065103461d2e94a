import type { IncomingMessage } from 'node:http';
import type { World } from '../world.ts';
import { SlackError } from './error.ts';
import type { Method } from './method.ts';

/** Lets a call through when its token is the right one and may do this. Throws what Slack answers otherwise. */
export function admit({ app }: World, method: Method, token: string | undefined): void {
  if (!token) throw new SlackError('not_authed');
  const [wanted, other] = method.token === 'app' ? [app.appToken, app.botToken] : [app.botToken, app.appToken];
  if (token === other) throw new SlackError('not_allowed_token_type');
  if (token !== wanted) throw new SlackError('invalid_auth');
  if (method.token !== 'app' && app.state !== 'installed') throw new SlackError(app.state);
  requireScope(app[method.token === 'app' ? 'appScopes' : 'scopes'], method.scopes ?? []);
}

/** Throws `missing_scope` when none of these was granted. */
export function requireScope(granted: ReadonlySet<string>, needed: readonly string[]): void {
  if (needed.length === 0 || needed.some((scope) => granted.has(scope))) return;
  throw new SlackError('missing_scope', { needed: needed.join(','), provided: [...granted].join(',') });
}

/** From the header, or from the arguments. */
export function tokenOf(request: IncomingMessage, args: Readonly<Record<string, unknown>>): string | undefined {
  const header = /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  return header ?? (typeof args.token === 'string' ? args.token : undefined);
}
