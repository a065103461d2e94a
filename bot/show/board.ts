import type { RunRecord } from '#jobs/engine/record.ts';
import { boardCard } from '../cards/board-card.ts';
import type { Office } from '../office.ts';
import { type Bringing, bringCard, keep } from './bring.ts';
import { boardAbove, movingIn } from './live.ts';
import { localized } from './localize.ts';
import { pauseMs } from './pause.ts';
import { originOf } from './places.ts';
import { mark } from './slots.ts';

/** Shows how far every job in a channel is, in one message, while there are too many for a card each. */
export async function showBoard(bringing: Bringing): Promise<number> {
  const { office, platform, place, shown } = bringing;
  const { runs, taken } = await movingIn(office, place);
  const many = runs.length > boardAbove;
  if (!many && shown.ref === undefined) {
    // Their cards may speak of a board, because of those that were still counted.
    if (taken > 0) await markCards(office, runs);
    return 0;
  }
  const steps = await Promise.all(runs.map((run) => office.desk.runs.steps(run.id)));
  const card = boardCard(
    runs.map((run, at) => ({ run, steps: steps[at] ?? [] })),
    many,
  );
  await bringCard(
    bringing,
    await localized(office, platform.name, await office.buttons.seal(card)),
    boardKey(bringing),
  );
  // It takes a third of what edits there are; the rest is for cards of jobs that begin and end.
  if (many) return pauseMs(platform.pace, 3, 0);
  // The next rush gets a board of its own, below what was said meanwhile.
  const { ref: _, hash: __, ...rest } = bringing.shown;
  bringing.shown = rest;
  await keep(bringing, { parts: (rest.parts ?? 0) + 1 });
  await markCards(office, runs);
  return 0;
}

/** A card is known by where its run was asked for, also when it goes on elsewhere. */
async function markCards(office: Office, runs: readonly RunRecord[]): Promise<void> {
  for (const run of runs) {
    const origin = originOf(run);
    if (!origin) continue;
    const { platform, channel } = origin;
    await mark(office, { kind: 'run', run: run.id, platform, channel }, true);
  }
}

const boardKey = ({ name }: Bringing) => `board:${name}`;
