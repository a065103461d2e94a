import type { Redis } from 'ioredis';
import { sentence } from '#base/errors.ts';
import type { Log } from '#base/log.ts';
import { type Action, authorize, Denied, type Grant, type Policy, type Subject } from '#policy/authorize.ts';
import type { Principal } from '#policy/principal.ts';

export type Authorize = (action: Action, principal: Principal, subject?: Subject) => Grant;

/** As many refusals are kept; a flood of them pushes nothing else out. */
const mostKept = 10_000;

/** `authorize` by the configuration. Whoever is refused stands in the log, and in Redis in a stream of its own (`…:denied`). */
export function makeAuthorize(options: {
  readonly policy: Policy;
  readonly redis: Redis;
  readonly prefix: string;
  readonly log: Log;
}): Authorize {
  const { policy, redis, prefix, log } = options;
  return (action, principal, subject) => {
    try {
      return authorize(policy, action, principal, subject);
    } catch (error) {
      if (error instanceof Denied) note(action, principal, subject, error.message);
      throw error;
    }
  };

  function note(action: Action, { key, account }: Principal, subject: Subject | undefined, why: string): void {
    const command = 'command' in action ? action.command.path : (subject?.command.path ?? '');
    const denied = { key, account, what: action.kind, command, run: subject?.run ?? '', why };
    log.warn(denied, 'somebody was refused');
    redis
      .xadd(`${prefix}:denied`, 'MAXLEN', '~', mostKept, '*', ...Object.entries(denied).flat())
      .catch((error: unknown) => log.warn({ reason: sentence(error) }, 'a refusal could not be kept'));
  }
}
