import type { Card } from '#base/card.ts';
import { UserError } from '#base/errors.ts';
import type { MessageRef, Place } from '#chat/platform.ts';
import type { RunEvent } from '#jobs/engine/outbox.ts';
import type { RunRecord } from '#jobs/engine/record.ts';
import { errorCard } from './error-card.ts';
import { type Office, platformOf } from './office.ts';
import { runCard } from './run-card.ts';

/**
 * Shows what happens to runs: the card is drawn anew from the run's state, the thread gets what it says. Called with whatever the outbox has, in order;
 * several events of one run in a batch cost one edit.
 */
export async function showEvents(office: Office, events: readonly RunEvent[]): Promise<void> {
  const byRun = [...Map.groupBy(events, ({ runId }) => runId)];
  await Promise.all(byRun.map(([runId, own]) => showRun(office, runId, own)));
}

async function showRun(office: Office, runId: string, events: readonly RunEvent[]): Promise<void> {
  const run = await office.desk.runs.read(runId);
  if (!run) return;
  if (run.state === 'refused' && events.some(({ kind }) => kind === 'refused')) await tellRefusal(office, run);
  if (!(await concernsOthers(office, run, events))) return;
  const ref = await showCard(office, run);
  if (ref) await tellThread(office, run, ref, events);
}

/** Most plans are made or refused at once; only one that meets trouble has a card before it stands. */
async function concernsOthers(office: Office, run: RunRecord, events: readonly RunEvent[]): Promise<boolean> {
  if (run.state !== 'planning' && run.state !== 'refused') return true;
  if (run.state === 'planning' && events.some(({ kind }) => kind === 'note')) return true;
  return (await office.redis.exists(cardKey(office, run.id))) === 1;
}

/** A run whose plan was refused is nobody's business but the one's who typed it. */
async function tellRefusal(office: Office, run: RunRecord): Promise<void> {
  const place = run.origin as unknown as Place;
  const { message = 'It can’t be done.', hint, offers = [] } = run.failure ?? {};
  const card = errorCard(new UserError(message, { offers, ...(hint === undefined ? {} : { hint }) }));
  await platformOf(office, place)?.whisper(place, run.by.key, await office.buttons.seal(card));
}

/** Posts the run's card, or edits the one that is there. One gateway at a time draws a run's card, so that an old state never covers a newer one. */
async function showCard(office: Office, known: RunRecord): Promise<MessageRef | undefined> {
  const { redis, desk } = office;
  const place = known.origin as unknown as Place;
  const platform = platformOf(office, place);
  if (!platform) return undefined;
  await using _ = await turn(office, known.id);
  const run = (await desk.runs.read(known.id)) ?? known;
  const card = await office.buttons.seal(runCard(run, await desk.runs.steps(run.id), office.jobs.get(run.job)));
  const refKey = cardKey(office, run.id);
  const stored = await redis.get(refKey);
  if (stored !== null) {
    const ref = JSON.parse(stored) as MessageRef;
    await platform.edit(ref, card);
    return ref;
  }
  const ref = await platform.post(place, card, `card:${run.id}`);
  await redis.set(refKey, JSON.stringify(ref));
  return ref;
}

const cardKey = ({ prefix }: Office, runId: string) => `${prefix}:card:${runId}`;

async function tellThread(office: Office, run: RunRecord, ref: MessageRef, events: readonly RunEvent[]): Promise<void> {
  const place: Place = { ...ref.place, thread: ref.id };
  const platform = platformOf(office, place);
  let lines: string[] = [];
  for (const event of events) {
    if (event.kind === 'log') lines.push(event.text);
    if (event.kind === 'note') {
      await flush(event.id);
      await platform?.post(place, noteCard(event.text), `note:${run.id}:${event.id}`);
    }
  }
  await flush(events.at(-1)?.id ?? '');

  async function flush(id: string): Promise<void> {
    if (lines.length > 0) await platform?.post(place, logCard(lines), `log:${run.id}:${id}`);
    lines = [];
  }
}

async function turn(office: Office, runId: string): Promise<AsyncDisposable> {
  const key = `${office.prefix}:drawing:${runId}`;
  const mine = crypto.randomUUID();
  const { clock } = office.desk.tools;
  while ((await office.redis.set(key, mine, 'PX', 5000, 'NX')) === null) await clock.sleep(50, office.desk.signal);
  return {
    async [Symbol.asyncDispose]() {
      // Not ours any more when drawing took longer than the lease: then it is left to its new owner.
      if ((await office.redis.get(key)) === mine) await office.redis.del(key);
    },
  };
}

const noteCard = (text: string): Card => ({ tone: 'info', fallback: text, blocks: [{ kind: 'text', text }] });
const logCard = (lines: readonly string[]): Card => ({
  tone: 'info',
  fallback: lines.at(-1) ?? '',
  blocks: [{ kind: 'code', text: lines.join('\n') }],
});
