import { sentence } from '#base/errors.ts';
import type { ChatPlatform, Place } from '#chat/platform.ts';
import { unlessAborted } from '#jobs/engine/redis.ts';
import type { Office } from '../office.ts';
import { afterFailure } from './after-failure.ts';
import { showBoard } from './board.ts';
import { type Bringing, keep } from './bring.ts';
import { originOf } from './places.ts';
import { showRun, showWatched } from './show-run.ts';
import { hold, holdEveryMs, nextDueMs, readShown, type Slot, settle, type Taken, takeDue } from './slots.ts';
import { leaveUnserved, platformOfAccount } from './unserved.ts';

const atOnce = 16;
/** How long the pump rests at most: another gateway may have marked something. */
const restMs = 500;

export interface Pump {
  /** Something was marked in this process: look now. */
  wake(): void;
  /** Resolves when nothing is being shown any more. */
  readonly done: Promise<void>;
}

/** Shows what is due until the signal is aborted. Every gateway has one; no slot is shown by two at once. */
export function startPump(office: Office, signal: AbortSignal): Pump {
  let woken = Promise.withResolvers<void>();
  const under = new Map<Promise<void>, Taken>();
  const wake = () => woken.resolve();
  signal.addEventListener('abort', wake, { once: true });

  const holding = setInterval(() => {
    hold(office, [...under.values()]).catch((error: unknown) => {
      office.log.debug({ reason: sentence(error) }, 'slots could not be held');
    });
  }, holdEveryMs);

  async function run(): Promise<void> {
    let asking = { token: crypto.randomUUID() as string, again: false };
    while (!signal.aborted) {
      try {
        const taken = under.size < atOnce ? await takeDue(office, atOnce - under.size, asking) : [];
        asking = { token: crypto.randomUUID(), again: false };
        for (const one of taken) {
          const showing: Promise<void> = showTaken(office, one).finally(() => {
            under.delete(showing);
            wake();
          });
          under.set(showing, one);
        }
        if (taken.length === 0) await rest(await nextDueMs(office));
      } catch (error) {
        if (signal.aborted) break;
        office.log.warn({ reason: sentence(error) }, 'showing waits for Redis');
        asking = { ...asking, again: true };
        await rest(restMs);
      }
    }
    await Promise.all(under.keys());
    clearInterval(holding);
  }

  async function rest(forMs = restMs): Promise<void> {
    const timer = setTimeout(wake, Math.max(5, Math.min(forMs, restMs)));
    await unlessAborted(signal, woken.promise).catch(() => undefined);
    clearTimeout(timer);
    woken = Promise.withResolvers<void>();
  }

  return { wake, done: run() };
}

/** Shows one slot and gives it back. Never rejects. */
async function showTaken(office: Office, taken: Taken): Promise<void> {
  try {
    const { slot, name, token, urgent } = taken;
    const shown = await readShown(office, name);
    const platform = office.platforms.get(slot.kind === 'watch' ? platformOfAccount(slot.account) : slot.platform);
    if (!platform) return await leaveUnserved(office, taken, shown);
    const message = { office, platform, name, token, urgent, shown };
    let bringing: Bringing | undefined;
    try {
      bringing = { ...message, place: shown.moved ?? (await placeOf(office, platform, slot)) };
      const pauseMs = await show(bringing, slot);
      if (bringing.shown.failures) await keep(bringing, { failures: 0, refusedSince: undefined });
      await settle(office, taken, pauseMs, false);
    } catch (error) {
      const { pauseMs, again } = await afterFailure(bringing ?? message, slot, error);
      await settle(office, taken, pauseMs, again);
    }
  } catch (error) {
    // Redis is away, or another gateway has it.
    office.log.warn({ slot: taken.name, reason: sentence(error) }, 'a message waits');
    await giveBack(office, taken);
  }
}

/** As soon as Redis can be reached, for a try a second later. If that takes too long, the slot's lease has ended by itself. */
async function giveBack(office: Office, taken: Taken): Promise<void> {
  const { signal, tools } = office.desk;
  for (let tries = 0; tries < 60 && !signal.aborted; tries++) {
    try {
      return await settle(office, taken, 1_000, true);
    } catch (error) {
      office.log.debug({ slot: taken.name, reason: sentence(error) }, 'a message could not be given back');
      await tools.clock.sleep(500, signal).catch(() => undefined);
    }
  }
}

/** Where a slot's messages are meant to go. A command that was typed in a thread has its card there. */
async function placeOf(office: Office, platform: ChatPlatform, slot: Slot): Promise<Place> {
  if (slot.kind === 'watch') return platform.direct(slot.account);
  const place = { platform: slot.platform, channel: slot.channel };
  const run = slot.kind === 'run' ? await office.desk.runs.read(slot.run) : undefined;
  const thread = run && originOf(run)?.thread;
  return thread === undefined ? place : { ...place, thread };
}

function show(bringing: Bringing, slot: Slot): Promise<number> {
  switch (slot.kind) {
    case 'run':
      return showRun(bringing, slot.run);
    case 'watch':
      return showWatched(bringing, slot.run);
    case 'board':
      return showBoard(bringing);
  }
}
