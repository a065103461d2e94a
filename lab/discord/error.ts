/** What each of Discord's error codes says, and the status it comes with. */
const known = {
  10003: [404, 'Unknown Channel'],
  10004: [404, 'Unknown Guild'],
  10007: [404, 'Unknown Member'],
  10008: [404, 'Unknown Message'],
  10011: [404, 'Unknown Role'],
  10013: [404, 'Unknown User'],
  10014: [404, 'Unknown Emoji'],
  10015: [404, 'Unknown Webhook'],
  10062: [404, 'Unknown interaction'],
  10063: [404, 'Unknown application command'],
  30032: [400, 'Maximum number of application commands reached (100).'],
  30034: [400, 'Max number of daily application command creates has been reached (200)'],
  30046: [429, 'Maximum number of edits to messages older than 1 hour reached. Try again later.'],
  40005: [413, 'Request entity too large'],
  40060: [400, 'Interaction has already been acknowledged.'],
  50001: [403, 'Missing Access'],
  50005: [403, 'Cannot edit a message authored by another user'],
  50006: [400, 'Cannot send an empty message'],
  50007: [403, 'Cannot send messages to this user'],
  50013: [403, 'Missing Permissions'],
  50024: [403, 'Cannot execute action on this channel type'],
  50027: [401, 'Invalid Webhook Token'],
  50035: [400, 'Invalid Form Body'],
  50083: [400, 'Thread is archived'],
  50109: [400, 'The request body contains invalid JSON.'],
  160004: [400, 'A thread has already been created for this message'],
} as const satisfies Readonly<Record<number, readonly [number, string]>>;

export type ErrorCode = keyof typeof known;

/** `errors` of a 50035, nested as the body is: `{components: {0: {label: {_errors: [{code, message}]}}}}`. */
export type NestedErrors = { [key: string]: NestedErrors | readonly { code: string; message: string }[] };

/** What Discord answers instead of doing it. */
export class DiscordError extends Error {
  override readonly name = 'DiscordError';
  readonly status: number;
  readonly code: number;
  readonly errors: NestedErrors | undefined;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, more: { errors?: NestedErrors; retryAfterMs?: number } = {}) {
    const [status, message] = known[code];
    super(message);
    this.status = status;
    this.code = code;
    this.errors = more.errors;
    this.retryAfterMs = more.retryAfterMs;
  }
}

/** Answers without a code of their own: `404: Not Found`, `401: Unauthorized`. */
export class StatusError extends DiscordError {
  constructor(status: number, message: string, code = 0) {
    super(50035);
    Object.assign(this, { status, code, message, errors: undefined });
  }
}

/** A 50035 about one place in the body: `invalid(['components', 0], 'BASE_TYPE_BAD_LENGTH', 'Must be …')`. */
export function invalid(path: readonly PropertyKey[], code: string, message: string): DiscordError {
  return new DiscordError(50035, { errors: nest([{ path, code, message }]) });
}

/** Complaints about places as Discord nests them. */
export function nest(
  issues: readonly { readonly path: readonly PropertyKey[]; readonly code: string; readonly message: string }[],
): NestedErrors {
  const errors: NestedErrors = {};
  for (const { path, code, message } of issues) {
    let place = errors;
    for (const key of path) {
      const inner = place[String(key)];
      const next: NestedErrors = inner && !Array.isArray(inner) ? (inner as NestedErrors) : {};
      place[String(key)] = next;
      place = next;
    }
    const before = place._errors;
    place._errors = [...(Array.isArray(before) ? before : []), { code, message }];
  }
  return errors;
}
