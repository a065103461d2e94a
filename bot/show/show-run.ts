import type { Card } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import type { MessageRef, Place } from '#chat/platform.ts';
import type { RunRecord } from '#jobs/engine/record.ts';
import { errorCard } from '../cards/error-card.ts';
import { runCard } from '../cards/run-card.ts';
import { platformOf } from '../office.ts';
import { type Bringing, bringCard, keep } from './bring.ts';
import { typicalTimes } from './eta.ts';
import { boardAbove, isOver, moving, noteLive } from './live.ts';
import { localized } from './localize.ts';
import { pauseMs } from './pause.ts';
import { noteThread, originOf } from './places.ts';
import { mark } from './slots.ts';
import { tellThread } from './tell-thread.ts';

/** Brings a run's card and thread to the run's state. Answers how long they may rest then, ms. */
export async function showRun(bringing: Bringing, runId: string): Promise<number> {
  const { office, platform, place, shown } = bringing;
  const { desk, jobs, buttons } = office;
  const run = await desk.runs.read(runId);
  if (!run) {
    await noteLive(office, place, runId, false);
    return 0;
  }
  if (run.state === 'refused') await tellRefusal(bringing, run);
  const [steps, lines] = await Promise.all([desk.runs.steps(run.id), desk.runs.log(run.id, shown.cursor)]);
  // Most plans are made or refused at once; only one that meets trouble has a card before it stands.
  const early = run.state === 'planning' || run.state === 'refused';
  if (early && shown.ref === undefined && !(run.state === 'planning' && lines.length > 0)) return 0;

  const live = await noteLive(office, place, run.id, moving.has(run.state));
  const onBoard = platform.pace.edits !== undefined && live.here > boardAbove && moving.has(run.state);
  if (platform.pace.edits !== undefined && live.here >= boardAbove)
    await mark(office, { kind: 'board', ...place }, false);
  const typical = moving.has(run.state) ? await typicalTimes(office, run) : new Map();
  const draft = runCard(run, steps, { job: jobs.get(run.job), typical, onBoard });
  const card = await localized(office, platform.name, await buttons.seal(draft));
  const ref = await bringCard(bringing, card, `card:${run.id}`);
  await noteFirst(bringing, ref, run.id);
  await tellThread(bringing, run, ref, lines);
  return pauseMs(platform.pace, live.onPlatform, Date.now() - (bringing.shown.postedAt ?? Date.now()));
}

/** Brings the end of a run to somebody who watches it. */
export async function showWatched(bringing: Bringing, runId: string): Promise<number> {
  const { office, platform } = bringing;
  const run = await office.desk.runs.read(runId);
  if (!run || !isOver(run)) return 0;
  const steps = await office.desk.runs.steps(run.id);
  const draft = runCard(run, steps, { job: office.jobs.get(run.job), typical: new Map(), onBoard: false });
  const card = await localized(office, platform.name, await office.buttons.seal(draft));
  await bringCard(bringing, card, `watch:${bringing.name}`);
  return 0;
}

async function noteFirst(bringing: Bringing, ref: MessageRef, run: string): Promise<void> {
  const { told = [] } = bringing.shown;
  const name = `thread:${ref.id}`;
  if (told.includes(name)) return;
  await noteThread(bringing.office, ref, run);
  await keep(bringing, { told: [...told, name] });
}

/** A run whose plan was refused is nobody's business but the one's who typed it. */
async function tellRefusal(bringing: Bringing, run: RunRecord): Promise<void> {
  const { office, shown } = bringing;
  const name = `refused:${run.endedAt ?? 0}`;
  if (shown.told?.includes(name)) return;
  const origin: Place & { readonly account?: string } = originOf(run) ?? bringing.place;
  const { account = run.by.key, ...place } = origin;
  const card = await office.buttons.seal(refusalCard(run));
  const key = `refused:${run.id}:${run.endedAt ?? 0}`;
  // Begun before, it may have come.
  const again = shown.trying === key;
  if (!again) await keep(bringing, { trying: key });
  await platformOf(office, place)?.whisper(place as Place, account, card, { key, again });
  await keep(bringing, { told: [...(shown.told ?? []), name] });
}

function refusalCard(run: RunRecord): Card {
  const { message = 'It can’t be done.', hint, offers = [] } = run.failure ?? {};
  return errorCard(new UserError(message, { offers, ...(hint === undefined ? {} : { hint }) }));
}
