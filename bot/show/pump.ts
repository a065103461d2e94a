import { RemoteError, sentence } from '#base/errors.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import { unlessAborted } from '#jobs/engine/redis.ts';
import { sentenceCard } from '../cards/sentence-card.ts';
import type { Office } from '../office.ts';
import { showBoard } from './board.ts';
import { type Bringing, keep, NotNow } from './bring.ts';
import { originOf } from './places.ts';
import { showRun, showWatched } from './show-run.ts';
import {
  hold,
  holdEveryMs,
  nextDueMs,
  readShown,
  type Slot,
  settle,
  type Taken,
  TakenOver,
  takeDue,
  writeShown,
} from './slots.ts';

const atOnce = 16;
/** How long the pump rests at most: another gateway may have marked something. */
const restMs = 500;
/** How long a gateway leaves alone what it can't bring, so that one that can gets it. */
const unservedMs = 4000;
/** After so many failures in a row of the same message it is tried once a minute only. */
const slowest = 6;

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
    const shown = await readShown(office, taken.name);
    const bringing = await bringingFor(office, taken, shown);
    if (!bringing) {
      // Another gateway may serve this platform: it gets its chance soon.
      const failures = (shown.failures ?? 0) + 1;
      await writeShown(office, taken, { ...shown, failures });
      return await settle(office, taken, Math.min(unservedMs, pauseAfter(failures)), true);
    }
    try {
      const pauseMs = await show(bringing, taken.slot);
      if (bringing.shown.failures) await keep(bringing, { failures: 0 });
      await settle(office, taken, pauseMs, false);
    } catch (error) {
      await settle(office, taken, await afterFailure(bringing, taken.slot, error), true);
    }
  } catch (error) {
    // Redis is away, or the platform can't say where a person is reached.
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

async function bringingFor(office: Office, taken: Taken, shown: Bringing['shown']): Promise<Bringing | undefined> {
  const { slot, name, token, urgent } = taken;
  const platform = office.platforms.get(slot.kind === 'watch' ? platformOfAccount(slot.account) : slot.platform);
  if (!platform) return undefined;
  const place =
    shown.moved ??
    (slot.kind === 'watch'
      ? await platform.direct(slot.account)
      : { platform: slot.platform, channel: slot.channel, ...(await threadOf(office, slot)) });
  return { office, platform, name, token, place, urgent, shown };
}

/** A command that was typed in a thread has its card there. */
async function threadOf(office: Office, slot: Slot): Promise<{ thread?: string }> {
  if (slot.kind !== 'run') return {};
  const run = await office.desk.runs.read(slot.run);
  const thread = run && originOf(run).thread;
  return thread === undefined ? {} : { thread };
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

/** How long to wait before it is tried again, ms. */
async function afterFailure(bringing: Bringing, slot: Slot, error: unknown): Promise<number> {
  if (error instanceof NotNow) return error.afterMs;
  if (error instanceof TakenOver) throw error;
  const { office, shown } = bringing;
  const failures = (shown.failures ?? 0) + 1;
  await keep(bringing, { failures });
  if (error instanceof DeliveryError && error.why === 'closed' && slot.kind === 'run' && !shown.moved) {
    office.log.warn(
      { slot: bringing.name, reason: error.message },
      'a channel takes no messages; its job goes on in a direct message',
    );
    return moveToPerson(bringing, slot, error);
  }
  const level = error instanceof RemoteError ? 'warn' : 'error';
  office.log[level]({ err: error, slot: bringing.name, failures }, 'a message could not be shown');
  return pauseAfter(failures);
}

/** The channel takes nothing of ours: who asked reads on in a direct message, and why. */
async function moveToPerson(bringing: Bringing, slot: Slot & { kind: 'run' }, error: DeliveryError): Promise<number> {
  const { office, platform } = bringing;
  const run = await office.desk.runs.read(slot.run);
  const account = run && originOf(run).account;
  if (account === undefined) return 60_000;
  const moved = await platform.direct(account);
  const text = `${sentence(error)} So you read here about ${run?.text ?? slot.run}.`;
  await platform.post(moved, sentenceCard(text, 'warn'), { key: `moved:${bringing.name}`, again: true });
  const { ref: _, ...rest } = bringing.shown;
  bringing.shown = rest;
  // A message of its own: Discord would take one of the same key for the one that it has.
  await keep(bringing, { moved, failures: 0, parts: (rest.parts ?? 0) + 1 });
  return 0;
}

const pauseAfter = (failures: number) => Math.min(60_000, 1000 * 2 ** Math.min(failures - 1, slowest));

const platformOfAccount = (account: string) => (account.includes(':') ? (account.split(':')[0] ?? '') : 'web');
