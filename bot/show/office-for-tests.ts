import type { Card } from '#base/card.ts';
import { systemClock } from '#base/clock.ts';
import type { Log } from '#base/log.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import type { ChatPlatform, Place } from '#chat/platform.ts';
import { makeKeys } from '#jobs/engine/keys.ts';
import type { RunState } from '#jobs/engine/record.ts';
import { connectRedis } from '#jobs/engine/redis.ts';
import { openRuns } from '#jobs/engine/runs.ts';
import { freshRedis } from '../../test/redis.ts';
import { openButtons } from '../cards/buttons.ts';
import type { Office } from '../office.ts';
import { startPump } from './pump.ts';
import { mark, nameOf, nextDueMs, readShown, type Shown, type Slot } from './slots.ts';

/** The platform is called `chat`; Ana's direct messages are the channel `@chat:ana`. */
const home = { platform: 'chat', channel: 'ops' };

/** A platform in memory, some of whose channels take no messages. */
function openChat() {
  const closed = new Set<string>();
  const posts: { readonly place: Place; card: Card }[] = [];
  function check(channel: string): void {
    if (closed.has(channel)) throw new DeliveryError('Chat', 'closed', `${channel} takes no messages.`);
  }
  const platform: Pick<ChatPlatform, 'name' | 'pace' | 'post' | 'edit' | 'direct'> = {
    name: 'chat',
    pace: { edits: { perMinute: 6000, burst: 100 }, thread: 'notes' },
    async post(place, card) {
      check(place.channel);
      posts.push({ place, card });
      return { place, id: `${posts.length}` };
    },
    async edit({ place, id }, card) {
      check(place.channel);
      const post = posts[Number(id) - 1];
      if (post) post.card = card;
    },
    async direct(account) {
      check(account);
      if (chat.busyForMs) throw new DeliveryError('Chat', 'busy', 'wait.', { retryAfterMs: chat.busyForMs });
      return { platform: 'chat', channel: `@${account}` };
    },
  };
  const chat = {
    ...{ closed, posts, platform: platform as ChatPlatform },
    /** For how long nobody's direct messages may be asked for; 0 when they may. */
    busyForMs: 0,
    texts: () => posts.map(({ card }) => card.fallback),
  };
  return chat;
}

/** What shows messages, on a real Redis, with a platform called `chat` and a clock that is moved by hand. No worker: runs are what a test says that they are. */
export async function openShow() {
  const { url, prefix } = await freshRedis();
  const redis = connectRedis(url, 'blocking');
  const chat = openChat();
  const time = { now: Date.now() };
  const warnings: string[] = [];
  /** What all gateways together serve. */
  const served = new Set(['chat']);
  const quiet = () => undefined;
  const warn = (_: unknown, message: string) => void warnings.push(message);
  const stopping = new AbortController();
  const office = {
    ...{ redis, prefix, platforms: new Map([['chat', chat.platform]]), jobs: new Map(), groups: {} },
    buttons: openButtons(redis, prefix),
    people: { accountOn: async () => undefined },
    desk: {
      runs: openRuns({ redis, prefix }),
      platforms: async () => [...served].map((platform) => ({ gateway: 'gateway-1', platform, health: { up: true } })),
      tools: { clock: { ...systemClock, now: () => time.now } },
      signal: stopping.signal,
    },
    log: { debug: quiet, info: quiet, warn, error: warn } as unknown as Log,
  } as unknown as Office;
  const { run: runKey } = makeKeys(prefix);

  /** A run that Ana asked for in `ops`. */
  async function setRun(id: string, state: RunState, origin: Place | null = home): Promise<void> {
    const by = {
      'by.key': 'ana',
      'by.name': 'Ana',
      origin: JSON.stringify(origin && { ...origin, account: 'chat:ana' }),
    };
    await redis.hset(runKey(id), { id, state, job: 'vm.create', cluster: 'lab', text: `/vm create ${id}`, ...by });
  }

  /** Shows this slot until it was given back; answers in how many whole seconds it is due again, and what is kept of it. */
  async function showOnce(slot: Slot): Promise<{ readonly dueInS: number | undefined; readonly shown: Shown }> {
    const name = nameOf(slot);
    const key = `${prefix}:show:slot:${name}`;
    await redis.hdel(key, 'next');
    await mark(office, slot, true);
    const end = new AbortController();
    const pump = startPump(office, end.signal);
    while ((await redis.hget(key, 'next')) === null || (await redis.hget(key, 'lease')) !== null)
      await systemClock.sleep(2);
    end.abort();
    await pump.done;
    const dueMs = await nextDueMs(office);
    return { dueInS: dueMs === undefined ? dueMs : Math.round(dueMs / 1000), shown: await readShown(office, name) };
  }

  return {
    ...{ office, chat, time, warnings, served, setRun, showOnce },
    /** The names of all slots that were ever marked. */
    slots: async () => (await redis.keys(`${prefix}:show:slot:*`)).map((key) => key.split(':show:slot:')[1] ?? ''),
    [Symbol.dispose]() {
      stopping.abort();
      redis.disconnect();
    },
  };
}
