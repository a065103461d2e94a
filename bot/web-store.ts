import type { Redis } from 'ioredis';
import { atSite } from '#base/site.ts';
import type { Content, NewMessage, WebEvent, WebMessage, WebStore } from '#chat/web/store.ts';
import { keep } from '#chat/web/store.ts';
import { pairs } from '#jobs/engine/log-lines.ts';
import { connectRedis, unlessAborted, whenReady } from '#jobs/engine/redis.ts';
import { redisTrouble } from '#jobs/engine/redis-trouble.ts';

/**
 * The console's messages in Redis, for any number of gateways. Below `<prefix>:web:` stand a hash for each message, lists of ids for
 * each channel, person and thread, and one stream of events; all of them are bounded.
 */
export function openWebStore(options: { url: string; prefix: string }): WebStore & AsyncDisposable {
  const redis = connectRedis(options.url, 'asking');
  const base = `${options.prefix}:web`;
  const events = `${base}:events`;

  return {
    async add(message, key) {
      const { content, ...fixed } = message;
      const { list, limit } = placeOf(message);
      const keys = [`${base}:id`, `${base}:key:${key}`, `${base}:${list}`, events];
      const args = [base, JSON.stringify(fixed), JSON.stringify(content), limit, keep.events, message.thread ?? ''];
      const send = () => redis.eval(addScript, keys.length, ...keys, ...args) as Promise<[string, number, string[]]>;
      const [id, isNew, flat] = await ask(() => atSite('chat post', send));
      return { message: fromHash(id, Object.fromEntries(pairs(flat))), isNew: isNew === 1 };
    },
    async change(id, content) {
      const keys = [`${base}:message:${id}`, events];
      const args = [id, JSON.stringify(content), keep.events];
      const send = () => redis.eval(changeScript, keys.length, ...keys, ...args) as Promise<string[]>;
      const flat = await ask(() => atSite('chat edit', send));
      return flat.length > 0 ? fromHash(id, Object.fromEntries(pairs(flat))) : undefined;
    },
    async read(id) {
      const [message] = await readAll([id]);
      return message;
    },
    async recent(channel, limit, person) {
      const [open, own] = await ask(() =>
        Promise.all([
          redis.lrange(`${base}:channel:${channel}`, -limit, -1),
          redis.lrange(`${base}:person:${person}:${channel}`, -limit, -1),
        ]),
      );
      return readAll([...open, ...own].sort((a, b) => Number(a) - Number(b)));
    },
    async thread(id) {
      return readAll(await ask(() => redis.lrange(`${base}:thread:${id}`, 0, -1)));
    },
    async cursor() {
      const [last] = await ask(() => redis.xrevrange(events, '+', '-', 'COUNT', 1));
      return last?.[0] ?? '0-0';
    },
    async since(cursor) {
      if (!/^\d+-\d+$/.test(cursor)) return undefined;
      const [own, ...later] = await ask(() => redis.xrange(events, cursor, '+'));
      // Our own entry is still there, so nothing after it was trimmed.
      return own?.[0] === cursor ? withMessages(later) : undefined;
    },
    async *follow(cursor, signal) {
      const waiting = connectRedis(options.url, 'blocking');
      const stop = () => waiting.disconnect();
      signal.addEventListener('abort', stop, { once: true });
      try {
        for (let last = cursor; !signal.aborted; ) {
          const asked = waiting.xread('COUNT', 200, 'BLOCK', 5000, 'STREAMS', events, last);
          const found = await unlessAborted(signal, asked);
          const entries = found?.[0]?.[1] ?? [];
          yield* await withMessages(entries);
          last = entries.at(-1)?.[0] ?? last;
        }
      } catch (error) {
        // Closing the connection is how a read that waits is ended.
        if (!signal.aborted) throw redisTrouble(error) ?? error;
      } finally {
        signal.removeEventListener('abort', stop);
        waiting.disconnect();
      }
    },
    async greet(people, withinMs) {
      const now = Date.now();
      const key = `${base}:here`;
      return ask(async () => {
        await Promise.all(people.map((person) => redis.zadd(key, now, person)));
        await redis.zremrangebyscore(key, 0, now - withinMs - 1);
        return (await redis.zrange(key, 0, '-1')).sort();
      });
    },
    async [Symbol.asyncDispose]() {
      redis.disconnect();
    },
  };

  async function withMessages(entries: readonly StreamEntry[]): Promise<WebEvent[]> {
    const latest = new Map<string, string>();
    for (const [cursor, [, id = '']] of entries) {
      latest.delete(id);
      latest.set(id, cursor);
    }
    const messages = await readAll([...latest.keys()]);
    return messages.map((message) => ({ cursor: latest.get(message.id) ?? '0-0', message }));
  }

  /** In the order of the ids; those that are not kept any more are left out. */
  async function readAll(ids: readonly string[]): Promise<WebMessage[]> {
    const hashes = await ask(() => Promise.all(ids.map((id) => redis.hgetall(`${base}:message:${id}`))));
    return hashes.flatMap((hash, i) => (hash.fixed === undefined ? [] : [fromHash(ids[i] ?? '', hash)]));
  }

  async function ask<T>(send: () => Promise<T>): Promise<T> {
    await whenReady(redis);
    try {
      return await send();
    } catch (error) {
      throw redisTrouble(error) ?? error;
    }
  }
}

type StreamEntry = Awaited<ReturnType<Redis['xrange']>>[number];

function placeOf({ channel, thread, to }: NewMessage): { readonly list: string; readonly limit: number } {
  if (thread !== undefined) return { list: `thread:${thread}`, limit: keep.thread };
  if (to !== undefined) return { list: `person:${to}:${channel}`, limit: keep.person };
  return { list: `channel:${channel}`, limit: keep.channel };
}

/** Ours is the only hand that writes these hashes, so their JSON is believed. */
function fromHash(id: string, hash: Readonly<Record<string, string>>): WebMessage {
  const filed = {
    ...(JSON.parse(hash.fixed ?? '{}') as Omit<NewMessage, 'content'>),
    content: JSON.parse(hash.content ?? '{}') as Content,
    id,
    at: Number(hash.at),
    revision: Number(hash.revision),
    replies: Number(hash.replies),
  };
  return hash.nth === undefined ? filed : { ...filed, nth: Number(hash.nth) };
}

// KEYS: counter, idempotency key, list, events. ARGV: base, fixed, content, limit of the list, limit of events, thread.
const addScript = `
local base, thread = ARGV[1], ARGV[6]
local function key(kind, id) return base .. ':' .. kind .. ':' .. id end
local function drop(id)
  for _, reply in ipairs(redis.call('LRANGE', key('thread', id), 0, -1)) do drop(reply) end
  redis.call('DEL', key('thread', id), key('message', id))
end
local earlier = redis.call('GET', KEYS[2])
if earlier and redis.call('EXISTS', key('message', earlier)) == 1 then
  return { earlier, 0, redis.call('HGETALL', key('message', earlier)) }
end
local id = tostring(redis.call('INCR', KEYS[1]))
local time = redis.call('TIME')
redis.call('HSET', key('message', id), 'fixed', ARGV[2], 'content', ARGV[3], 'revision', 1, 'replies', 0,
  'at', string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000)))
if thread ~= '' and redis.call('EXISTS', key('message', thread)) == 1 then
  redis.call('HSET', key('message', id), 'nth', redis.call('HINCRBY', key('message', thread), 'replies', 1))
end
redis.call('SET', KEYS[2], id, 'EX', 7 * 24 * 3600)
redis.call('RPUSH', KEYS[3], id)
redis.call('XADD', KEYS[4], 'MAXLEN', '~', ARGV[5], '*', 'id', id)
while redis.call('LLEN', KEYS[3]) > tonumber(ARGV[4]) do drop(redis.call('LPOP', KEYS[3])) end
return { id, 1, redis.call('HGETALL', key('message', id)) }
`;

// KEYS: message, events. ARGV: id, content, limit of events. Answers the message as it is then, nothing when it is not kept any more.
const changeScript = `
local before = redis.call('HGET', KEYS[1], 'content')
if before and before ~= ARGV[2] then
  redis.call('HSET', KEYS[1], 'content', ARGV[2])
  redis.call('HINCRBY', KEYS[1], 'revision', 1)
  redis.call('XADD', KEYS[2], 'MAXLEN', '~', ARGV[3], '*', 'id', ARGV[1])
end
return redis.call('HGETALL', KEYS[1])
`;
