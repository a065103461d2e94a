import { RemoteError } from '#base/errors.ts';

/**
 * - `busy`: too much at once; after `retryAfterMs` again
 * - `gone`: the message is not there any more; post it anew
 * - `sealed`: it cannot be edited any more; a new one goes on
 * - `closed`: the place takes no messages of ours (archived, not a member, no permission); tell the person directly
 * - `refused`: the platform does not take this message at all, now or later: a bug of ours, or a right that is missing
 */
export type Why = 'busy' | 'gone' | 'sealed' | 'closed' | 'refused';

/** A message could not be brought, for a reason that says what to do instead. Any other failure is a `RemoteError`, to be tried again. */
export class DeliveryError extends RemoteError {
  override readonly name = 'DeliveryError';
  readonly why: Why;
  /** ms. */
  readonly retryAfterMs: number | undefined;

  constructor(system: string, why: Why, message: string, more: { retryAfterMs?: number; cause?: unknown } = {}) {
    super(system, message, { outcome: why === 'busy' ? 'passing' : 'permanent', cause: more.cause });
    this.why = why;
    this.retryAfterMs = more.retryAfterMs;
  }
}
