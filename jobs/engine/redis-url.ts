import { isPlaceholder } from '#base/placeholder.ts';

/** Where a Redis is when nobody says. */
export const usualRedisUrl = 'redis://127.0.0.1:6379';

/** `127.0.0.1:6379` of `redis://:password@127.0.0.1:6379`, or a socket's path: what may be shown. */
export function placeOf(redisUrl: string): string {
  return redisUrl.startsWith('/')
    ? (redisUrl.split('?')[0] ?? '')
    : (URL.parse(redisUrl)?.host ?? 'an address that is none');
}

/** The number of the database that an address names; 0 when it names none. */
export function databaseOf(redisUrl: string): number {
  const url = URL.parse(redisUrl, 'redis://localhost');
  const inPath = redisUrl.startsWith('/') ? '' : url?.pathname.slice(1);
  return Number(inPath || url?.searchParams.get('db') || 0);
}

/** What is wrong with the address of a Redis, as the end of a sentence that begins with its setting; undefined when it can be used. Never shows the password. */
export function explainRedisUrl(url: string): string | undefined {
  if (url.startsWith('/') && !url.startsWith('//')) return undefined;
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return `has no scheme; write ${usualRedisUrl}, or rediss://… with TLS`;
  if (scheme !== 'redis' && scheme !== 'rediss')
    return `begins with ${scheme}://; it must be redis://, or rediss:// with TLS`;
  const { authority = '', rest = '' } = /^[^/]*\/\/(?<authority>[^/?#]*)(?<rest>.*)$/.exec(url)?.groups ?? {};
  const how = 'write them as %23 for #, %2F for /, %3F for ?, %40 for @, %3A for :, %25 for %';
  // The last @ ends the password, so one that comes later means that something before it ended the address too early.
  if (rest.includes('@')) return `has characters in its password that must be escaped; ${how}`;
  const credentials = authority.slice(0, Math.max(0, authority.lastIndexOf('@')));
  if (/%(?![0-9a-f]{2})|[@\s[\]{}<>"`^|\\]/i.test(credentials) || credentials.split(':').length > 2) {
    return `has characters in its password that must be escaped; ${how}`;
  }
  const read = URL.parse(url);
  if (!read?.hostname) return `is no address; write ${scheme}://USER:PASSWORD@HOST:6379/0`;
  if (!/^\/?\d*$/.test(read.pathname)) return 'has no number of a database behind its /; write for example …:6379/0';
  const named = read.searchParams.get('db');
  if (named !== null && !/^\d+$/.test(named)) return 'has no number of a database in db=; write for example …:6379/0';
  if (named !== null && /\d/.test(read.pathname) && Number(named) !== Number(read.pathname.slice(1))) {
    return `names two databases, ${read.pathname.slice(1)} and ${named}; leave db= out`;
  }
  if (!isDecodable(credentials)) return `has characters in its password that are no UTF-8; ${how}`;
  const password = decodeURIComponent(read.password);
  // A short one has few letters without being one.
  if (password.length > 5 && isPlaceholder(password)) {
    return 'has a placeholder as its password, which is no secret; put the real one there (requirepass in redis.conf)';
  }
  return undefined;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    // A URIError; ioredis would throw it at the first connection.
    return false;
  }
}
