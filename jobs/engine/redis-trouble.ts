import type { Redis } from 'ioredis';
import { RemoteError } from '#base/errors.ts';

/** Why the last try to connect came to nothing, for each connection that is not up. */
const reasons = new WeakMap<Redis, Error>();

/** Remembers why a connection is not up, for {@link redisAway} to say. */
export function rememberTrouble(redis: Redis): void {
  redis.on('ready', () => reasons.delete(redis));
  // After a wrong password Redis refuses each further call too, for want of one; what it said first is the reason.
  redis.on('error', (error: Error) => {
    const last = reasons.get(redis);
    if (!(isWanting(error) && last && refused(last))) reasons.set(redis, error);
  });
}

/** What a failed command means for the one who asked; `undefined` when it is a bug of ours and no trouble of Redis'. */
export function redisTrouble(error: unknown): RemoteError | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'ReplyError') {
    const said = withoutScript(error.message);
    if (refused(error)) return refusal(error);
    if (!refusals.test(said)) return undefined;
    return new RemoteError('Redis', `${said}. Nothing was started.`, { outcome: 'passing', cause: error });
  }
  if (error.message.includes("isn't writeable")) return redisAway(undefined, error);
  if (!losses.test(error.message)) return undefined;
  const message = 'The answer was lost, so this may or may not have been done.';
  return new RemoteError('Redis', message, { outcome: 'unknown', cause: error });
}

/** For a command that was not even sent. */
export function redisAway(redis: Redis | undefined, cause?: unknown): RemoteError {
  const reason = redis && reasons.get(redis);
  if (reason && refused(reason)) return refusal(reason);
  const code = (reason as NodeJS.ErrnoException | undefined)?.code ?? '';
  const found = Object.entries(sayings).find(([pattern]) =>
    new RegExp(pattern).test(`${code} ${reason?.message ?? ''}`),
  );
  const hint = found?.[1] ?? 'Try again in a moment.';
  return new RemoteError('Redis', 'It cannot be reached. Nothing was started.', {
    outcome: 'passing',
    hint,
    cause: cause ?? reason,
  });
}

/** Answers by which Redis means that the address is wrong and not the moment. */
function refused(error: Error): boolean {
  return /WRONGPASS|invalid password|NOAUTH|NOPERM/i.test(error.message);
}

const isWanting = (error: Error) => /NOAUTH/.test(error.message);

function refusal(error: Error): RemoteError {
  const [message, hint] = /WRONGPASS|invalid password/i.test(error.message)
    ? [
        'It refuses the user or the password of redis.url (REDIS_URL).',
        'They stand before the @: redis://USER:PASSWORD@HOST:6379',
      ]
    : isWanting(error)
      ? [
          'It wants a password, and redis.url (REDIS_URL) has none.',
          'Put it before the host: redis://:PASSWORD@HOST:6379',
        ]
      : [
          `Its user may not do all that is needed: ${withoutScript(error.message)}.`,
          'Give the user in redis.url ~*, &* and +@all.',
        ];
  return new RemoteError('Redis', `${message} Nothing was started.`, { outcome: 'permanent', hint, cause: error });
}

/** What a reason means, by its code or text. */
const sayings: Readonly<Record<string, string>> = {
  'ENOTFOUND|EAI_AGAIN': 'Nobody knows the host name in redis.url (REDIS_URL).',
  'wrong version number|packet length too long|EPROTO': 'It speaks no TLS there: write redis:// instead of rediss://.',
  ETIMEDOUT: 'Nothing answers there in time; a Redis without TLS does not answer rediss:// either.',
  'CERT|certificate|self-signed': 'Its certificate is of nobody known: NODE_EXTRA_CA_CERTS names the file of its CA.',
  'ENOENT|EACCES': 'The socket that redis.url (REDIS_URL) names is not there, or not open to this user.',
};

/** Redis says in which script something failed: its hash and line are ours, and nobody else's. */
function withoutScript(message: string): string {
  return message
    .replace(/^ERR Error running script \(call to f_[0-9a-f]+\): /, '')
    .replace(/^(@?user_script:\s*\d+:\s*)+/, '')
    .replace(/^-/, '')
    .replace(/\s*script: [0-9a-f]{40}, on @user_script:\d+/, '')
    .replace(/\.+$/, '');
}

/** Redis understood, and could not at the time: it did nothing. */
const refusals = /^(OOM|MISCONF|LOADING|READONLY|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|MAXCLIENTS|ERR max)/;
const losses = /timed out|connection is closed|max retries per request|ECONN|EPIPE|socket|closed/i;
