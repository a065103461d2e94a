import { RemoteError, sentence } from '#base/errors.ts';
import { DeliveryError } from '#chat/delivery-error.ts';
import { sentenceCard } from '../cards/sentence-card.ts';
import type { Office } from '../office.ts';
import { type Bringing, bringOnce, keep, NotNow } from './bring.ts';
import { isOver, noteLive } from './live.ts';
import { originOf } from './places.ts';
import { type Slot, TakenOver } from './slots.ts';

/** After so many failures in a row of the same message it is tried once a minute only. */
const slowest = 6;
/**
 * A message that was refused for good for so long, with no success in between, is given up when nothing more happens to what it tells of. Until then
 * somebody may open the channel again; for ever it would add to the invalid requests for which Discord bans an application (10,000 in 10 minutes).
 */
export const givenUpMs = 24 * 3_600_000;

/** What could not be brought; without a place when the platform could not even say where to. */
type Failing = Bringing | Omit<Bringing, 'place'>;

/** When a slot is looked at next; `again`: also if nothing new is to be shown. */
export interface Next {
  readonly pauseMs: number;
  readonly again: boolean;
}

/** How long to wait before it is tried once more: longer with each failure, for the first time a second. */
export const pauseAfter = (failures: number) => Math.min(60_000, 1000 * 2 ** Math.min(failures - 1, slowest));

/** What becomes of a slot that could not be shown. Rejects when another gateway has it, or Redis is away. */
export async function afterFailure(failing: Failing, slot: Slot, error: unknown): Promise<Next> {
  const closed = error instanceof DeliveryError && error.why === 'closed' && slot.kind === 'run';
  const left =
    closed && 'place' in failing && !failing.shown.moved ? await moveToPerson(failing, slot.run, error) : error;
  if (left === undefined) return { pauseMs: 0, again: true };
  if (left instanceof TakenOver) throw left;
  if (left instanceof NotNow) return { pauseMs: left.afterMs, again: true };
  const reasons = [...new Set([error, left])].map(sentence);
  return pauseOrGiveUp(failing, slot, left, reasons);
}

async function pauseOrGiveUp(failing: Failing, slot: Slot, error: unknown, reasons: readonly string[]): Promise<Next> {
  const { office, shown, name } = failing;
  const now = office.desk.tools.clock.now();
  const failures = (shown.failures ?? 0) + 1;
  const forGood = error instanceof DeliveryError && error.outcome === 'permanent';
  const refusedSince = shown.refusedSince ?? (forGood ? now : undefined);
  if (forGood && now - (refusedSince ?? now) >= givenUpMs && !(await goesOn(office, slot))) {
    office.log.warn(
      { slot: name, reasons },
      'a message is given up: it was refused for a day, and nothing more happens that it would tell of',
    );
    await keep(failing, { failures: 0, refusedSince: undefined });
    return { pauseMs: 0, again: false };
  }
  await keep(failing, { failures, refusedSince });
  const level = error instanceof RemoteError ? 'warn' : 'error';
  office.log[level]({ err: error, slot: name, reasons, failures }, 'a message could not be shown');
  const askedMs = error instanceof DeliveryError ? (error.retryAfterMs ?? 0) : 0;
  return { pauseMs: Math.max(pauseAfter(failures), askedMs), again: true };
}

/** Whether more happens to what a slot tells of. A board is marked again by the next card that moves in its channel. */
export async function goesOn({ desk }: Office, slot: Slot): Promise<boolean> {
  if (slot.kind === 'board') return false;
  const run = await desk.runs.read(slot.run);
  return run !== undefined && !isOver(run);
}

/** The channel takes nothing of ours: who asked reads on in a direct message, and why. Answers what stands in the way of that, if anything does. */
async function moveToPerson(bringing: Bringing, id: string, closed: DeliveryError): Promise<unknown> {
  const { office, platform, place, name } = bringing;
  try {
    // Its card does not move there, whatever becomes of it.
    await noteLive(office, place, id, false);
    const run = await office.desk.runs.read(id);
    const account = run && originOf(run)?.account;
    if (account === undefined) return closed;
    const moved = await platform.direct(account);
    const text = `${sentence(closed)} So you read here about ${run?.text ?? id}.`;
    await bringOnce(bringing, moved, sentenceCard(text, 'warn'), `moved:${name}`, true);
    const { ref: _, ...rest } = bringing.shown;
    bringing.shown = rest;
    // A message of its own: Discord would take one of the same key for the one that it has.
    await keep(bringing, { moved, failures: 0, refusedSince: undefined, parts: (rest.parts ?? 0) + 1 });
  } catch (error) {
    return error;
  }
  office.log.warn(
    { slot: name, reason: closed.message },
    'a channel takes no messages; its job goes on in a direct message',
  );
  return undefined;
}
