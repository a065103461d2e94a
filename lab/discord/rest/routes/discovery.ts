import { answers } from '../../rules/schemas.ts';
import { showApplication } from '../../show/application.ts';
import { showUser, userOf } from '../../show/user.ts';
import type { Route } from '../route.ts';

/** How a client finds the gateway, and who it is. */
export const discoveryRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/gateway',
    access: 'open',
    answer: answers.gateway,
    run: ({ world }) => ({ url: gatewayUrl(world.origin) }),
  },
  {
    method: 'GET',
    path: '/gateway/bot',
    answer: answers.gatewayBot,
    run: ({ world }) => ({
      url: gatewayUrl(world.origin),
      shards: 1,
      session_start_limit: {
        total: 1_000,
        remaining: Math.max(0, 1_000 - world.application.identifies),
        reset_after: 86_400_000,
        max_concurrency: 1,
      },
    }),
  },
  ...['/oauth2/applications/@me', '/applications/@me'].map(
    (path): Route => ({
      method: 'GET',
      path,
      answer: answers.application,
      run: ({ world }) => showApplication(world),
    }),
  ),
  {
    method: 'GET',
    path: '/users/@me',
    answer: answers.self,
    run: ({ world }) => ({
      ...showUser(userOf(world, world.application.id)),
      mfa_enabled: true,
      locale: 'en-US',
      premium_type: 0,
      email: null,
      verified: true,
    }),
  },
];

/** The gateway listens on the same port. */
export function gatewayUrl(origin: string): string {
  return origin.replace(/^http/, 'ws');
}
