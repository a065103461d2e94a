import { type Block, type Card, plain } from '#base/card.ts';
import type { MessageRef, Place } from '#chat/platform.ts';
import type { LogLine } from '#jobs/engine/log-lines.ts';
import type { RunRecord } from '#jobs/engine/record.ts';
import { approversCard } from '../cards/approvers-card.ts';
import { endCard } from '../cards/end-card.ts';
import { logCard } from '../cards/log-card.ts';
import { planTable } from '../cards/plan-card.ts';
import { sentenceCard } from '../cards/sentence-card.ts';
import { type Bringing, bringOnce, keep } from './bring.ts';
import { isOver } from './live.ts';
import { localized } from './localize.ts';

/**
 * Tells a run's thread what it has not got yet; `lines` are those after the last one that it has. Where threads take everything it gets every line; elsewhere the plan, what a person should
 * read, and one last line at the end, which is what sounds; of a failed run the log as a file.
 */
export async function tellThread(
  bringing: Bringing,
  run: RunRecord,
  ref: MessageRef,
  lines: readonly LogLine[],
): Promise<void> {
  const place: Place = { ...ref.place, thread: ref.place.thread ?? ref.id };
  if (bringing.platform.pace.thread === 'all') return tellLines(bringing, place, run, lines);
  const { ask } = run;
  if (run.state === 'asking' && ask) {
    const { groups } = bringing.office;
    await once(bringing, { place, run }, `ask:${ask.revision}`, async () => approversCard(run, ask, groups));
  }
  if (run.view && run.state !== 'asking' && run.view.rows.length > 0) {
    await once(bringing, { place, run }, `plan:${run.planHash ?? ''}`, async () => planTable(run));
  }
  await tellLines(
    bringing,
    place,
    run,
    lines.filter(({ kind }) => kind === 'note'),
  );
  if (!isOver(run)) return;
  const at = run.endedAt ?? run.updatedAt;
  // What never began has no log.
  if (run.failure && run.startedAt !== undefined) {
    await once(bringing, { place, run }, `log:${at}`, () => logCard(bringing.office.desk.runs, run.id));
  }
  await once(bringing, { place, run }, `end:${at}`, async () => endCard(run, bringing.office.jobs.get(run.job)));
}

async function tellLines(bringing: Bringing, place: Place, run: RunRecord, lines: readonly LogLine[]): Promise<void> {
  const prefix = `lines:${run.id}:`;
  const { trying = '' } = bringing.shown;
  // What was begun and maybe posted ends where it ended then, whatever was said since: or lines would be told twice.
  const begun = trying.startsWith(prefix) ? trying.slice(prefix.length) : undefined;
  for (const group of grouped(lines, begun)) {
    const last = group.at(-1);
    if (!last) continue;
    const card = await localized(bringing.office, bringing.platform.name, linesCard(group));
    await bringOnce(bringing, place, about(run, card), `${prefix}${last.id}`);
    await keep(bringing, { cursor: last.id });
  }
}

async function once(
  bringing: Bringing,
  { place, run }: { place: Place; run: RunRecord },
  name: string,
  draw: () => Promise<Card>,
): Promise<void> {
  const { office, platform } = bringing;
  if (bringing.shown.told?.includes(name)) return;
  const card = await localized(office, platform.name, await office.buttons.seal(await draw()));
  await bringOnce(bringing, place, about(run, card), `${name}:${bringing.name}`);
  await keep(bringing, { told: [...(bringing.shown.told ?? []), name] });
}

const about = (run: RunRecord, card: Card): Card => ({ ...card, topic: run.view ? plain(run.view.title) : run.text });

/** Notes stand alone where they are mixed with lines of a log; lines that follow each other are one message, which ends with the line `end`. */
function grouped(lines: readonly LogLine[], end: string | undefined): LogLine[][] {
  const groups: LogLine[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last?.[0]?.kind === line.kind && last.at(-1)?.id !== end) last.push(line);
    else groups.push([line]);
  }
  return groups;
}

function linesCard(lines: readonly LogLine[]): Card {
  const [first] = lines;
  if (first?.kind === 'note') {
    const blocks = lines.map(({ text }): Block => ({ kind: 'text', text }));
    return { ...sentenceCard(lines.at(-1)?.text ?? ''), blocks };
  }
  const text = lines.map((line) => line.text).join('\n');
  return { tone: 'info', fallback: lines.at(-1)?.text ?? '', blocks: [{ kind: 'code', text }] };
}
