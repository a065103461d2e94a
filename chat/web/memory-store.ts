import { isDeepStrictEqual } from 'node:util';
import { type Clock, systemClock } from '#base/clock.ts';
import { keep, type NewMessage, type WebEvent, type WebMessage, type WebStore } from './store.ts';

/** A store in this process' memory: for a console without Redis, as in tests. */
export function openMemoryStore(clock: Clock = systemClock): WebStore {
  const messages = new Map<string, WebMessage>();
  const idOfKey = new Map<string, string>();
  const seen = new Map<string, number>();
  let events: { readonly cursor: number; readonly id: string }[] = [];
  let lastId = 0;
  let lastCursor = 0;
  let news = Promise.withResolvers<void>();

  return {
    async add(fresh, key) {
      const earlier = messages.get(idOfKey.get(key) ?? '');
      if (earlier) return { message: earlier, isNew: false };
      const parent = fresh.thread === undefined ? undefined : messages.get(fresh.thread);
      const nth = (parent?.replies ?? 0) + 1;
      if (parent) messages.set(parent.id, { ...parent, replies: nth });
      lastId += 1;
      const filed = { ...fresh, id: String(lastId), at: clock.now(), revision: 1, replies: 0 };
      const message = parent ? { ...filed, nth } : filed;
      idOfKey.set(key, message.id);
      tell(message);
      return { message, isNew: true };
    },
    async change(id, content) {
      const old = messages.get(id);
      if (!old || isDeepStrictEqual(old.content, content)) return old;
      const message = { ...old, content, revision: old.revision + 1 };
      tell(message);
      return message;
    },
    async read(id) {
      return messages.get(id);
    },
    async recent(channel, limit, person) {
      const here = [...messages.values()].filter((one) => one.channel === channel && one.thread === undefined);
      const open = here.filter(({ to }) => to === undefined).slice(-limit);
      const own = here.filter(({ to }) => to === person).slice(-Math.min(limit, keep.person));
      return [...open, ...own].sort(byId);
    },
    async thread(id) {
      return [...messages.values()].filter(({ thread }) => thread === id);
    },
    async cursor() {
      return String(lastCursor);
    },
    async since(cursor) {
      return events.some((event) => String(event.cursor) === cursor) ? after(Number(cursor)) : undefined;
    },
    async *follow(cursor, signal) {
      const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      for (let last = Number(cursor); !signal.aborted; ) {
        const next = news.promise;
        for (const event of after(last)) {
          yield event;
          last = Number(event.cursor);
        }
        if (last >= lastCursor) await Promise.race([next, stopped]);
      }
    },
    async greet(people, withinMs) {
      for (const person of people) seen.set(person, clock.now());
      return [...seen].flatMap(([person, at]) => (clock.now() - at <= withinMs ? [person] : [])).sort();
    },
  };

  function tell(message: WebMessage): void {
    messages.set(message.id, message);
    lastCursor += 1;
    events = [...events.slice(1 - keep.events), { cursor: lastCursor, id: message.id }];
    trim(message);
    news.resolve();
    news = Promise.withResolvers();
  }

  function after(cursor: number): WebEvent[] {
    const latest = new Map(events.filter((event) => event.cursor > cursor).map((event) => [event.id, event.cursor]));
    return [...latest]
      .flatMap(([id, at]) => {
        const message = messages.get(id);
        return message ? [{ cursor: String(at), message }] : [];
      })
      .sort((a, b) => Number(a.cursor) - Number(b.cursor));
  }

  function trim(message: NewMessage): void {
    const limit = message.thread !== undefined ? keep.thread : message.to !== undefined ? keep.person : keep.channel;
    const alike = [...messages.values()].filter(
      ({ channel, thread, to }) => channel === message.channel && thread === message.thread && to === message.to,
    );
    for (const old of alike.slice(0, -limit)) {
      for (const reply of messages.values()) if (reply.thread === old.id) messages.delete(reply.id);
      messages.delete(old.id);
    }
  }
}

function byId(a: WebMessage, b: WebMessage): number {
  return Number(a.id) - Number(b.id);
}
