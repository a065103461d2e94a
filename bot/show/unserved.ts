import type { Office } from '../office.ts';
import { givenUpMs, goesOn, pauseAfter } from './after-failure.ts';
import { type Shown, type Slot, settle, type Taken, writeShown } from './slots.ts';

/** How long a gateway leaves alone what it can't bring, so that one that can gets it. */
const unservedMs = 4_000;

/**
 * For a message on a platform that this gateway does not serve. While another gateway serves it, that one gets its chance soon. When
 * none does, it is looked at ever more seldom, and given up after a day unless its run goes on.
 */
export async function leaveUnserved(office: Office, taken: Taken, shown: Shown): Promise<void> {
  const { desk, log } = office;
  const name = platformOfSlot(taken.slot);
  const served = (await desk.platforms()).some(({ platform }) => platform === name);
  const now = desk.tools.clock.now();
  const failures = (shown.failures ?? 0) + 1;
  const refusedSince = served ? undefined : (shown.refusedSince ?? now);
  const over = refusedSince !== undefined && now - refusedSince >= givenUpMs && !(await goesOn(office, taken.slot));
  if (over) {
    log.warn({ slot: taken.name, platform: name }, 'a message is given up: no gateway serves its platform any more');
    await writeShown(office, taken, { ...shown, failures: 0, refusedSince: undefined });
    return settle(office, taken, 0, false);
  }
  await writeShown(office, taken, { ...shown, failures, refusedSince });
  const pauseMs = pauseAfter(failures);
  return settle(office, taken, served ? Math.min(unservedMs, pauseMs) : pauseMs, true);
}

/** Accounts of the console carry no prefix. */
export const platformOfAccount = (account: string): string =>
  account.includes(':') ? (account.split(':')[0] ?? '') : 'web';

const platformOfSlot = (slot: Slot): string =>
  slot.kind === 'watch' ? platformOfAccount(slot.account) : slot.platform;
