import { boardCard } from '../cards/board-card.ts';
import { type Bringing, bringCard, keep } from './bring.ts';
import { boardAbove, liveIn } from './live.ts';
import { localized } from './localize.ts';
import { pauseMs } from './pause.ts';
import { mark } from './slots.ts';

/** Shows how far every job in a channel is, in one message, while there are too many for a card each. */
export async function showBoard(bringing: Bringing): Promise<number> {
  const { office, platform, place, shown } = bringing;
  const live = await liveIn(office, place);
  const many = live.length > boardAbove;
  if (!many && shown.ref === undefined) return 0;
  const runs = (await Promise.all(live.map((run) => office.desk.runs.read(run)))).flatMap((run) => run ?? []);
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
  for (const run of live) await mark(office, { kind: 'run', run, ...place }, true);
  return 0;
}

const boardKey = ({ name }: Bringing) => `board:${name}`;
